package org.iommulab.lab.language;

/** What the processor and plain devices do. */
public sealed interface HardwareCommand extends Command
    permits Command.StartMachine,
        Command.MemWrite,
        Command.MemFill,
        Command.MemFlush,
        Command.MemRead,
        Command.RegWrite,
        Command.RegRead,
        Command.DmaWrite,
        Command.DmaRead,
        Command.Msi,
        Command.IrqRead,
        Command.Reset {}

package org.iommulab.lab.language;

/** Boot, and functions called by their names. */
public sealed interface KernelCommand extends Command
    permits Command.LinuxBoot, Command.Call, Command.FailNth {}

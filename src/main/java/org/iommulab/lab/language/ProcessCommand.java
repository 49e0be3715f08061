package org.iommulab.lab.language;

/** What a process does to its memory and its files. */
public sealed interface ProcessCommand extends Command
    permits Command.Open,
        Command.Ioctl,
        Command.Close,
        Command.UserAlloc,
        Command.UserFree,
        Command.UserWrite,
        Command.UserRead,
        Command.Read,
        Command.Write,
        Command.Poll,
        Command.Program {}

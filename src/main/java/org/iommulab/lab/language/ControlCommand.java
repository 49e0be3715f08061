package org.iommulab.lab.language;

/** Time, and what is said about a session. */
public sealed interface ControlCommand extends Command
    permits Command.ClockAdvance,
        Command.Checkpoint,
        Command.Rewind,
        Command.Expect,
        Command.Let,
        Command.Answer,
        Command.Hint,
        Command.Note {}

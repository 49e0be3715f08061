package org.iommulab.lab;

import java.util.List;

/**
 * A machine with its journal: executes commands, goes back and forth. The same journal gives the
 * same bytes, always. One thread owns it; {@link LabSession} is that thread.
 */
public final class Laboratory {

  /** An empty laboratory; a command other than {@code machine} powers on the default machine. */
  public Laboratory() {}

  /** Carries out a command and adds it to the journal; commands undone before are dropped. */
  public Result execute(Command command) {
    return new Result.Refused(command.op() + " cannot be carried out");
  }

  /** All commands in order, those undone included. */
  public List<JournalEntry> journal() {
    return List.of();
  }

  /** How many of the journal's commands are in effect. */
  public int position() {
    return 0;
  }

  /** Takes the latest command back; false if there is none. */
  public boolean undo() {
    return position() > 0 && rewind(position() - 1);
  }

  /** Carries out again what was undone last; false if nothing was. */
  public boolean redo() {
    return position() < journal().size() && rewind(position() + 1);
  }

  /** Goes to the state after the first {@code position} commands; false if there are fewer. */
  public boolean rewind(int position) {
    return position == position();
  }

  /** Starts afresh with a preset's commands, all executed. */
  public void load(Preset preset) {
    preset.script().commands().forEach(this::execute);
  }

  /** Drops the journal and everything else. */
  public void clear() {}
}

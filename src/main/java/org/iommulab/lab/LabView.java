package org.iommulab.lab;

import java.util.List;
import java.util.Optional;
import org.iommulab.memory.PhysicalMemory;
import org.iommulab.trace.CallFrame;

/**
 * What can be seen of a laboratory between two commands. Valid only on the laboratory's thread and
 * only until the next command: copy out what you want to keep.
 */
public interface LabView {

  /** Number of this state; grows with every change, also when going back. */
  long snapshot();

  /** Virtual time in nanoseconds since power-on. */
  long timeNs();

  /** All commands in order, those undone included. */
  List<JournalEntry> journal();

  /** How many of the journal's commands are in effect. */
  int position();

  /** The latest command in effect. */
  Optional<JournalEntry> last();

  /** Kernel and VMM functions the latest command called. */
  List<CallFrame> lastCalls();

  /** Call frames of the latest command that were too many to keep. */
  long lostCalls();

  /** Quadwords of memory that the latest command changed, by ascending address. */
  List<PhysicalMemory.Change> lastChanges();

  /** The machine's memory. */
  PhysicalMemory memory();

  /** False for opened evidence, which can only be looked at until it is forked. */
  boolean isLive();

  /** Name of the opened evidence, for titles. */
  Optional<String> source();
}

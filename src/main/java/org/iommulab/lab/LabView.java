package org.iommulab.lab;

import java.util.List;
import java.util.Optional;
import org.iommulab.evidence.Snapshot;
import org.iommulab.lab.advice.Advice;
import org.iommulab.lab.check.Violation;
import org.iommulab.lab.machine.MachineView;
import org.iommulab.lab.run.UsageSample;
import org.iommulab.linux.KernelView;
import org.iommulab.memory.Changes;
import org.iommulab.memory.MemoryView;
import org.iommulab.trace.CallFrame;
import org.iommulab.vtd.UnitView;
import org.iommulab.vtd.request.WalkPath;
import org.iommulab.vtd.tables.TableBrowser;

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

  /** Kernel and VMM functions that the latest command called; notes and checks do not count. */
  List<CallFrame> lastCalls();

  /**
   * What the latest command that reached the kernel called, even if other commands came after it;
   * empty if that was long ago and the laboratory went back since.
   */
  List<CallFrame> recentCalls();

  /** Call frames of that command that were too many to keep. */
  long lostCalls();

  /** The way of the last DMA request, if the latest command was a DMA. */
  Optional<WalkPath> lastPath();

  /** Quadwords of memory that the latest command changed, by ascending address. */
  Changes lastChanges();

  /** What the units had counted after each command, from power-on to now; empty for evidence. */
  default List<UsageSample> usage() {
    return List.of();
  }

  /** The machine's memory, or that of the opened evidence. */
  MemoryView memory();

  /** Tables, queue and fault records as registers and memory show them. */
  TableBrowser tables();

  /** The machine; empty for opened evidence, which has memory and registers only. */
  Optional<MachineView> machine();

  /** The remapping unit that {@link #tables()} belongs to; empty for opened evidence. */
  default Optional<UnitView> unit() {
    return Optional.empty();
  }

  /**
   * The same state with another unit in front: its tables, queue, faults, registers and caches.
   *
   * @param index counted from 0; one that does not exist means the first
   */
  default LabView ofUnit(int index) {
    return this;
  }

  /** How many units there are; at least one. */
  default int units() {
    return machine().map(machine -> machine.units().size()).orElse(1);
  }

  /** What does not hold in the machine and its kernel now; nothing for opened evidence. */
  default List<Violation> violations() {
    return List.of();
  }

  /** The kernel, once booted. */
  Optional<? extends KernelView> kernel();

  /** Whether a VMM runs that has a device assigned: its guest RAM is mapped through VFIO. */
  default boolean isDeviceAssigned() {
    return false;
  }

  /** Whether the advisor looks on. */
  default boolean isAdvised() {
    return false;
  }

  /** What the advisor has said about the commands in effect; nothing while it does not look on. */
  default List<Advice> advice() {
    return List.of();
  }

  /** False for opened evidence, which can only be looked at until it is forked. */
  boolean isLive();

  /** The opened evidence, also while a fork of it is in use. */
  Optional<Snapshot> evidence();

  /** Name of the opened evidence, for titles. */
  default Optional<String> source() {
    return evidence().map(Snapshot::source);
  }
}

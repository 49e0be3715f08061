package org.iommulab.ui;

import org.iommulab.bits.Layout;
import org.iommulab.bus.SourceId;
import org.iommulab.trace.CallFrame;

/**
 * The one thing that is selected in the window. Names things by where they are, not by their
 * present value, so that a selection stays meaningful when the laboratory moves on.
 */
public sealed interface Selected {

  /** Nothing is selected. */
  record Nothing() implements Selected {}

  /** A device's address. */
  record Address(SourceId source, long iova) implements Selected {}

  /** An address of a domain. */
  record DomainAddress(int domain, long iova) implements Selected {}

  /**
   * A structure in memory: a table entry, a descriptor, a fault record.
   *
   * @param address where its first quadword is
   * @param layout what its bits mean
   * @param title short name such as {@code PD [2]}
   */
  record Entry(long address, Layout layout, String title) implements Selected {}

  /** A line of a cache: {@code iotlb} or {@code context}. */
  record Cached(String cache, int set, int way) implements Selected {}

  /** A stage of the path of the last request, counted from 0. */
  record Stage(int index) implements Selected {}

  /** A command of the journal, counted from 0. */
  record JournalLine(int index) implements Selected {}

  /** A device on a bus. */
  record Device(SourceId source) implements Selected {}

  /** A domain of the remapping unit. */
  record Domain(int domain) implements Selected {}

  /**
   * A register of a unit.
   *
   * @param unit index of the unit
   * @param name the specification's name
   */
  record Register(int unit, String name) implements Selected {}

  /** A record of the fault log, counted from 0. */
  record Fault(int index) implements Selected {}

  /** A call of the last operation. */
  record Call(CallFrame frame) implements Selected {}

  /** Bytes of physical memory. */
  record Bytes(long address, long length) implements Selected {}
}

package org.iommulab.vtd;

import org.iommulab.bus.MessageSink;
import org.iommulab.vtd.layout.OptionalRegisters;
import org.iommulab.vtd.layout.PerformanceEvent;
import org.iommulab.vtd.layout.Register;
import org.iommulab.vtd.register.EventMessage;
import org.iommulab.vtd.register.RegisterFile;
import org.iommulab.vtd.request.Counters;
import org.iommulab.vtd.request.UnitCounters;
import org.iommulab.vtd.translate.Translator;

/**
 * The performance counters. They count what the unit counts anyway: a counter's value is what its
 * events have grown by while it ran. Source: vtd.md 1.3.
 */
final class PerformanceMonitor {

  private static final int COUNTERS = OptionalRegisters.COUNTERS;
  private static final long COUNT_MASK = (1L << OptionalRegisters.COUNTER_BITS) - 1;
  private static final int OVERFLOW = OptionalRegisters.PERFOVF.position();
  private static final int STATUS = OptionalRegisters.PERFINTRSTS.position();

  private final RegisterFile registers;
  private final Counters counters;
  private final EventMessage event;
  private final Translator translator;
  private final boolean[] enabled = new boolean[COUNTERS];
  private final long[] seen = new long[COUNTERS];
  private boolean frozen;
  private boolean running;

  PerformanceMonitor(
      RegisterFile registers, MessageSink messages, Counters counters, Translator translator) {
    this.registers = registers;
    this.counters = counters;
    this.translator = translator;
    event = new EventMessage(registers, messages, OptionalRegisters.PERFINTRCTL);
    registers.onWrite(OptionalRegisters.PERFINTRSTS, this::statusWritten);
    for (Register each : OptionalRegisters.PERFCFG) {
      registers.onWrite(each, this::rebase);
      registers.onWriteOfUpperHalf(each, this::rebase);
    }
  }

  void reset() {
    for (int i = 0; i < COUNTERS; i++) {
      enabled[i] = false;
    }
    frozen = false;
    review();
  }

  /** Starts or stops a counter; false if there is no such counter. */
  boolean enable(long counter, boolean on) {
    if (counter < 0 || counter >= COUNTERS) {
      return false;
    }
    update();
    enabled[(int) counter] = on;
    rebase();
    review();
    return true;
  }

  /** Stops all counters for a while, or lets them go on. */
  void freeze(boolean on) {
    update();
    frozen = on;
    rebase();
    review();
  }

  private void review() {
    running = false;
    for (boolean each : enabled) {
      running |= each && !frozen;
    }
    translator.setWatched(running);
  }

  /** What counted before does not count now. */
  private void rebase() {
    UnitCounters now = counters.snapshot();
    for (int i = 0; i < COUNTERS; i++) {
      seen[i] = total(now, configuration(i));
    }
  }

  private long configuration(int counter) {
    return registers.get64(OptionalRegisters.PERFCFG.get(counter).position());
  }

  /** Brings the counters up to date. */
  void update() {
    if (!running) {
      return;
    }
    UnitCounters now = counters.snapshot();
    for (int i = 0; i < COUNTERS; i++) {
      long total = total(now, configuration(i));
      if (enabled[i]) {
        add(i, total - seen[i]);
      }
      seen[i] = total;
    }
  }

  private void add(int counter, long events) {
    Register register = OptionalRegisters.PERFCNTR.get(counter);
    long value = registers.get64(register.position()) + Math.max(events, 0);
    registers.set64(register.position(), value & COUNT_MASK);
    if (value <= COUNT_MASK) {
      return;
    }
    registers.change32(OVERFLOW, 1L << counter, 1L << counter);
    boolean interrupts =
        OptionalRegisters.PERFCFG.get(counter).field("INT").isSet(configuration(counter));
    if (interrupts && registers.get32(STATUS) == 0) {
      registers.set32(STATUS, 1);
      event.raise();
    }
  }

  /** What the selected events have amounted to since reset. */
  private static long total(UnitCounters now, long configuration) {
    Register layout = OptionalRegisters.PERFCFG.getFirst();
    int group = (int) layout.field("GROUP").get(configuration);
    long events = layout.field("EVENTS").get(configuration);
    long total = 0;
    for (PerformanceEvent each : PerformanceEvent.values()) {
      total += each.isSelected(group, events) ? count(now, each) : 0;
    }
    return total;
  }

  private static long count(UnitCounters now, PerformanceEvent event) {
    return switch (event) {
      case REQUESTS -> now.requests();
      case ATS_BLOCKED -> now.translationsRefused();
      case MEMORY_READS -> now.tableReads();
      case REQUESTS_BLOCKED -> now.faults();
      case PAGE_REQUESTS -> now.pageRequests();
      case CONTEXT_LOOKUPS -> now.contextHits() + now.contextMisses();
      case CONTEXT_HITS -> now.contextHits();
      case PASID_LOOKUPS -> now.pasidHits() + now.pasidMisses();
      case PASID_HITS -> now.pasidHits();
      case SECOND_STAGE_LOOKUPS -> now.pagingHits() + now.pagingMisses();
      case SECOND_STAGE_HITS -> now.pagingHits();
      case IOTLB_LOOKUPS -> now.iotlbHits() + now.iotlbMisses();
      case IOTLB_HITS -> now.iotlbHits();
      case INTERRUPT_LOOKUPS -> now.interruptHits() + now.interruptMisses();
      case INTERRUPT_HITS -> now.interruptHits();
    };
  }

  /** Software wrote the interrupt status. */
  private void statusWritten() {
    if (registers.get32(STATUS) == 0) {
      event.conditionsGone();
    }
  }
}

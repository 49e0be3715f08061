package org.iommulab.vtd.invalidation;

import org.iommulab.bits.Field;
import org.iommulab.bus.ats.AtsEndpoints;
import org.iommulab.memory.Page;
import org.iommulab.memory.PhysicalMemory;
import org.iommulab.vtd.cache.Caches;
import org.iommulab.vtd.config.Quirk;
import org.iommulab.vtd.config.Surroundings;
import org.iommulab.vtd.config.UnitConfiguration;
import org.iommulab.vtd.layout.ExtendedCapabilityLayout;
import org.iommulab.vtd.layout.InvalidationDescriptor;
import org.iommulab.vtd.layout.Register;
import org.iommulab.vtd.layout.RegisterLayouts;
import org.iommulab.vtd.register.FaultLog;
import org.iommulab.vtd.register.RegisterFile;
import org.iommulab.vtd.register.UnitWatch;
import org.iommulab.vtd.request.Counters;
import org.iommulab.vtd.translate.Translator;
import org.jspecify.annotations.Nullable;

/**
 * The invalidation queue: fetches descriptors from head to tail and stops at the first bad one.
 * Source: vtd.md 7.2, 7.3.
 */
public final class InvalidationQueue {

  /** Queue errors as IQERCD numbers them. */
  static final int TAIL_BEYOND_QUEUE = 1;

  static final int FETCH_FAILED = 2;
  static final int INVALID_TYPE = 3;
  static final int RESERVED_FIELD = 4;
  static final int INVALID_WIDTH = 5;
  static final int TAIL_NOT_ALIGNED = 6;

  private static final Register IQH = RegisterLayouts.IQH;
  private static final Register IQT = RegisterLayouts.IQT;
  private static final Register IQA = RegisterLayouts.IQA;
  private static final Field DW = IQA.field("DW");
  private static final long POINTER = IQT.field("QT").mask();

  private final RegisterFile registers;
  private final PhysicalMemory memory;
  private final FaultLog faults;
  private final Descriptors descriptors;
  private final OutstandingInvalidations outstanding;
  private final boolean scalableMode;
  private final boolean cutsAddresses;
  private final boolean earlyTail;
  private final boolean needsWait;
  private final boolean resumesOnTailOnly;
  private final boolean widthErrorsIgnored;
  private final boolean misalignedIgnored;
  private final boolean misalignedStopsIdle;
  private final boolean widthNotLatched;
  private final long hostMask;
  private final long shownBits;
  private final long[] descriptor = new long[4];
  private @Nullable UnitWatch watch;
  private boolean processing;
  private boolean enabled;
  private boolean lastWasWait;
  private boolean wideLatched;
  private long base;
  private int entries;
  private int head;
  private int tail;

  /** The queue, switched off, and beside it the registers that invalidate while it is. */
  public InvalidationQueue(
      UnitConfiguration configuration,
      Surroundings surroundings,
      RegisterFile registers,
      FaultLog faults,
      Caches caches,
      Translator translator,
      Counters counters) {
    this.registers = registers;
    this.faults = faults;
    memory = surroundings.memory();
    AtsEndpoints endpoints = surroundings.endpoints();
    outstanding = new OutstandingInvalidations(configuration, faults, endpoints);
    var invalidation = new CacheInvalidation(caches, translator, counters, memory);
    var waits = new WaitCompletion(registers, surroundings);
    descriptors = new Descriptors(configuration, invalidation, waits, outstanding, endpoints);
    scalableMode = configuration.capabilities().has(ExtendedCapabilityLayout.SMTS);
    cutsAddresses = configuration.has(Quirk.REGISTER_ADDRESSES_ARE_CUT);
    earlyTail = configuration.has(Quirk.EARLY_TAIL_IS_PROCESSED);
    needsWait = configuration.has(Quirk.QUEUE_DISABLE_NEEDS_WAIT);
    resumesOnTailOnly = configuration.has(Quirk.QUEUE_RESUMES_ON_TAIL_WRITE);
    widthErrorsIgnored = configuration.has(Quirk.QUEUE_WIDTH_ERRORS_IGNORED);
    misalignedIgnored = configuration.has(Quirk.MISALIGNED_TAIL_IS_IGNORED);
    misalignedStopsIdle = configuration.has(Quirk.MISALIGNED_TAIL_STOPS_AN_IDLE_QUEUE);
    shownBits =
        IQA.field("QS").mask() | (configuration.has(Quirk.QUEUE_WIDTH_READS_BACK) ? DW.mask() : 0);
    widthNotLatched = configuration.has(Quirk.QUEUE_WIDTH_IS_NOT_LATCHED);
    hostMask = ~(-1L << configuration.capabilities().hostAddressWidth());
    registers.onWrite(IQT, this::tailWritten);
    registers.onWrite(RegisterLayouts.FSTS, this::statusWritten);
    if (configuration.has(Quirk.QUEUE_ADDRESS_READS_LATCHED)) {
      registers.show(IQA, this::latchedAddress);
    }
    var byRegister = new RegisterInvalidation(configuration, registers, invalidation);
    registers.onWriteOfUpperHalf(RegisterLayouts.CCMD, () -> byRegister.contextCommand(!enabled));
    registers.onWriteOfUpperHalf(
        RegisterLayouts.IOTLB, () -> byRegister.translationCommand(!enabled));
  }

  /** Tells a watcher of every descriptor, or nobody any more. */
  public void setWatch(@Nullable UnitWatch watcher) {
    watch = watcher;
  }

  /** Switched off and empty. */
  public void reset() {
    outstanding.reset();
    enabled = false;
    tail = 0;
    lastWasWait = false;
    wideLatched = false;
    base = 0;
    entries = 0;
    head = 0;
  }

  /** What IQA reads back where it shows the latched base. */
  private long latchedAddress() {
    return base | registers.get64(IQA.position()) & shownBits;
  }

  /** Takes over IQA and starts; takes effect at once. */
  public void enable() {
    long address = registers.get64(IQA.position());
    base = IQA.field("IQA").get(address);
    if (cutsAddresses) {
      base &= hostMask;
    }
    wideLatched = asksForWide() && scalableMode;
    int pages = 1 << IQA.field("QS").get(address);
    entries = pages * (isWide() ? 128 : 256);
    enabled = true;
    if (earlyTail && tail != 0) {
      process();
    }
  }

  /** Stops if the implementation agrees; tells whether it did. */
  public boolean disable() {
    if (needsWait && !(head == tail && lastWasWait)) {
      return false;
    }
    enabled = false;
    head = 0;
    registers.set64(IQH.position(), 0);
    return true;
  }

  private boolean asksForWide() {
    return DW.isSet(registers.get64(IQA.position()));
  }

  private boolean isWide() {
    return widthNotLatched ? asksForWide() && scalableMode : wideLatched;
  }

  private int shift() {
    return isWide() ? 5 : 4;
  }

  /** Software wrote IQT. */
  private void tailWritten() {
    long written = registers.get64(IQT.position()) & POINTER;
    boolean wide = enabled || widthNotLatched ? isWide() : asksForWide() && scalableMode;
    if (wide && (written & 16) != 0) {
      if (!misalignedIgnored && (enabled || misalignedStopsIdle)) {
        stop(TAIL_NOT_ALIGNED);
      }
      return;
    }
    tail = (int) (written >>> (wide ? 5 : 4));
    if (enabled) {
      process();
    }
  }

  /** Software cleared status bits: a stopped queue may go on. */
  private void statusWritten() {
    if (enabled && !resumesOnTailOnly) {
      process();
    }
  }

  private void process() {
    // An endpoint may answer while its descriptor is still being carried out.
    if (processing) {
      return;
    }
    processing = true;
    advance();
    processing = false;
  }

  private void advance() {
    if (faults.hasQueueError() || faults.hasTimeoutError()) {
      return;
    }
    if (asksForWide() && !scalableMode && !widthErrorsIgnored) {
      stop(INVALID_WIDTH);
      return;
    }
    if (tail >= entries) {
      stop(TAIL_BEYOND_QUEUE);
      return;
    }
    while (head != tail) {
      int error = fetch((long) head << shift(), isWide());
      if (error == 0 && descriptors.mustWait(descriptor)) {
        break;
      }
      if (error == 0) {
        error = descriptors.execute(descriptor, isWide());
      }
      if (watch != null && error != FETCH_FAILED) {
        watch.fetched(base + ((long) head << shift()), descriptor[0], descriptor[1], error);
      }
      if (error != 0) {
        stop(error);
        return;
      }
      head = head + 1 == entries ? 0 : head + 1;
      registers.set64(IQH.position(), (long) head << shift() & POINTER);
    }
    descriptors.atRest();
  }

  /** An endpoint completed an invalidation: what waited for it may go on. */
  public void invalidationCompleted(int source, int tag) {
    descriptors.invalidationCompleted(source, tag);
    if (enabled && head != tail) {
      process();
    }
  }

  /** Lets virtual time pass: endpoints that owe an answer for too long are given up. */
  public void elapse(long ns) {
    outstanding.elapse(ns);
  }

  private int fetch(long offset, boolean wide) {
    long address = base + offset;
    long[] frame = memory.frame(Page.number(address));
    lastWasWait = false;
    if (frame == null) {
      return FETCH_FAILED;
    }
    int at = (int) address >>> 3 & 511;
    for (int i = 0; i < 4; i++) {
      descriptor[i] = i < 2 || wide ? frame[at + i] : 0;
    }
    lastWasWait =
        InvalidationDescriptor.TYPE.get(descriptor[0]) == InvalidationDescriptor.WAIT.type();
    return 0;
  }

  private void stop(int error) {
    long record = registers.get64(RegisterLayouts.IQERCD.position());
    registers.set64(
        RegisterLayouts.IQERCD.position(),
        RegisterLayouts.IQERCD.field("IQEI").with(record, error));
    faults.queueError();
  }
}

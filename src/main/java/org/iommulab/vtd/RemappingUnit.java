package org.iommulab.vtd;

import static org.iommulab.vtd.PathRecorder.fact;
import static org.iommulab.vtd.PathRecorder.hex;

import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.iommulab.bus.DmaAccess;
import org.iommulab.bus.DmaAccess.AddressType;
import org.iommulab.bus.MessageSink;
import org.iommulab.bus.Mmio;
import org.iommulab.memory.PhysicalMemory;
import org.iommulab.vtd.WalkStep.Outcome;
import org.iommulab.vtd.WalkStep.Stage;
import org.iommulab.vtd.layout.FaultReason;
import org.iommulab.vtd.layout.FaultRecord;
import org.iommulab.vtd.layout.RegisterLayouts;
import org.jspecify.annotations.Nullable;

/**
 * A VT-d remapping unit: registers, caches, walkers, fault records.
 *
 * <p>Not thread-safe: one thread owns a laboratory.
 */
public final class RemappingUnit implements Mmio {

  /** Answer of {@link #translateFast} when {@link #lastReason()} tells why there is no address. */
  public static final long BLOCKED = -1;

  /** Requester id of an interrupt request that carries none. */
  public static final int ANONYMOUS = InterruptRemapper.ANONYMOUS;

  private static final int GCMD = RegisterLayouts.GCMD.position();
  private static final int FSTS = RegisterLayouts.FSTS.position();
  private static final int FECTL = RegisterLayouts.FECTL.position();
  private static final int CCMD_HIGH = RegisterLayouts.CCMD.position() + 4;
  private static final int IQT = RegisterLayouts.IQT.position();
  private static final int IQA = RegisterLayouts.IQA.position();
  private static final int ICS = RegisterLayouts.ICS.position();
  private static final int IECTL = RegisterLayouts.IECTL.position();
  private static final int PMEN = RegisterLayouts.PMEN.position();

  private final UnitConfiguration configuration;
  private final PhysicalMemory memory;
  private final RegisterFile registers;
  private final Counters counters;
  private final Caches caches;
  private final EventMessage faultEvent;
  private final EventMessage completionEvent;
  private final FaultLog faults;
  private final Translator translator;
  private final InvalidationQueue queue;
  private final RegisterInvalidation registerInvalidation;
  private final InterruptRemapper interrupts;
  private final GlobalCommand globalCommand;
  private final ProtectedMemory protectedMemory;
  private final CacheViews views;
  private final int iotlbHigh;
  private final boolean latchedQueueAddress;
  private final boolean invalidationHangs;
  private final boolean anonymousInterrupts;
  private final boolean contextReservedUnqualified;
  private final boolean pasidFaultsUnqualified;
  private final boolean pasidFieldFilled;
  private final boolean ridPasidRecorded;
  private final Request request = new Request();

  /** A unit in its reset state. */
  public RemappingUnit(
      UnitConfiguration configuration, PhysicalMemory memory, MessageSink messages) {
    this.configuration = configuration;
    this.memory = memory;
    counters = new Counters(configuration.tagging() == UnitConfiguration.Tagging.DOMAIN);
    registers = new RegisterFile(configuration);
    caches = new Caches(configuration);
    faultEvent = new EventMessage(registers, messages, RegisterLayouts.FECTL);
    completionEvent = new EventMessage(registers, messages, RegisterLayouts.IECTL);
    faults = new FaultLog(configuration, registers, faultEvent);
    protectedMemory = new ProtectedMemory(configuration, registers);
    translator = new Translator(configuration, memory, caches, counters);
    Invalidation invalidation = new Invalidation(caches, translator, counters);
    queue =
        new InvalidationQueue(
            configuration,
            registers,
            memory,
            faults,
            new Descriptors(configuration, registers, memory, invalidation, completionEvent));
    registerInvalidation = new RegisterInvalidation(configuration, registers, invalidation);
    interrupts = new InterruptRemapper(configuration, memory, messages, caches, faults, counters);
    globalCommand =
        new GlobalCommand(configuration, registers, translator, caches, queue, interrupts, faults);
    views = new CacheViews(caches);
    iotlbHigh = configuration.capabilities().iotlbOffset() + 12;
    latchedQueueAddress = configuration.has(Quirk.QUEUE_ADDRESS_READS_LATCHED);
    invalidationHangs = configuration.has(Quirk.REGISTER_INVALIDATION_HANGS_WITH_QUEUE);
    anonymousInterrupts = configuration.has(Quirk.DMA_INTERRUPTS_ARE_ANONYMOUS);
    contextReservedUnqualified = configuration.has(Quirk.CONTEXT_RESERVED_IGNORES_FPD);
    pasidFaultsUnqualified = configuration.has(Quirk.ONE_REASON_FOR_PASID_TABLES);
    pasidFieldFilled = configuration.has(Quirk.PASID_FIELD_FILLED_WITHOUT_PASID);
    ridPasidRecorded = configuration.has(Quirk.RID_PASID_IS_RECORDED);
  }

  /** How it is built. */
  public UnitConfiguration configuration() {
    return configuration;
  }

  // ---- registers -------------------------------------------------------------------------------

  @Override
  public long read(int offset, int size) {
    if (size == 8) {
      return read32(offset) & 0xFFFF_FFFFL | (long) read32(offset + 4) << 32;
    }
    return read32(offset) & 0xFFFF_FFFFL;
  }

  private int read32(int offset) {
    if (latchedQueueAddress && (offset & ~4) == IQA) {
      return (int) (queue.latchedAddress() >>> (offset & 4) * 8);
    }
    return registers.read32(offset);
  }

  @Override
  public void write(int offset, int size, long value) {
    registers.write32(offset, (int) value);
    if (size == 8) {
      registers.write32(offset + 4, (int) (value >>> 32));
      written(offset);
      written(offset + 4);
    } else {
      written(offset);
    }
  }

  /** Starts what a write to this dword starts. */
  private void written(int offset) {
    if (offset == GCMD) {
      globalCommand.written();
    } else if (offset == CCMD_HIGH) {
      registerInvalidation.contextCommand(!(queue.isEnabled() && invalidationHangs));
    } else if (offset == iotlbHigh) {
      registerInvalidation.translationCommand(!(queue.isEnabled() && invalidationHangs));
    } else if (offset == IQT) {
      queue.tailWritten();
    } else if (offset == FSTS) {
      faults.statusWritten();
      queue.statusWritten();
    } else if (offset == FECTL) {
      faultEvent.controlWritten();
    } else if (offset == ICS) {
      completionStatusWritten();
    } else if (offset == IECTL) {
      completionEvent.controlWritten();
    } else if (offset >= PMEN && offset < PMEN + 0x1C) {
      protectedMemory.written();
      translator.setMemoryProtected(protectedMemory.isOn());
    } else if (faults.contains(offset)) {
      faults.recordWritten();
    }
  }

  private void completionStatusWritten() {
    if ((registers.get32(ICS) & 1) == 0) {
      completionEvent.conditionsGone();
    }
  }

  /** Power-on reset: registers and caches; memory stays. */
  public void reset() {
    registers.reset();
    caches.reset();
    counters.reset();
    faults.setNext(0);
    translator.setEnabled(false);
    translator.setRoot(0, TableMode.LEGACY);
    translator.detachments().detachment().clear();
    queue.reset();
    interrupts.reset();
    protectedMemory.written();
    translator.setMemoryProtected(protectedMemory.isOn());
  }

  // ---- requests --------------------------------------------------------------------------------

  /** Translates a request, records faults and fills caches. */
  public Translation translate(DmaAccess access) {
    request.start(access);
    return run(access);
  }

  /**
   * As {@link #translate} for an untranslated request without PASID outside the interrupt range;
   * allocates nothing.
   *
   * @param source requester id
   * @param address as the device issued it
   * @param access {@link Rights#READ} or {@link Rights#WRITE} or both
   * @return the physical address, or {@link #BLOCKED}
   */
  public long translateFast(int source, long address, int access) {
    long output = translator.translateFast(source, address, access);
    return output != FastPath.REFUSED ? output : translateSlowly(source, address, access);
  }

  private long translateSlowly(int source, long address, int access) {
    request.start(source, address, access);
    if (decide()) {
      return request.output;
    }
    return BLOCKED;
  }

  /** Why the last request was refused; null if it was not. */
  public @Nullable FaultReason lastReason() {
    return request.reason;
  }

  /** Tells whether an FPD bit kept the last refused request from being recorded. */
  public boolean lastWasSuppressed() {
    return request.reason != null && isSuppressed(request.reason);
  }

  private Translation run(DmaAccess access) {
    boolean plain =
        access.type() == AddressType.UNTRANSLATED && access.pasid() == DmaAccess.NO_PASID;
    if (plain && isInterruptAddress(access.address())) {
      return interruptRequest(access);
    }
    if (decide()) {
      return new Translation.Done(request.output, 1L << 9 * request.level + 3, request.rights);
    }
    FaultReason reason = request.reason;
    return reason == null
        ? new Translation.Aborted()
        : new Translation.Blocked(reason, request.recorded, request.cached);
  }

  private static boolean isInterruptAddress(long address) {
    return address >>> 20 == 0xFEE;
  }

  private Translation interruptRequest(DmaAccess access) {
    boolean legal =
        access.kind() == DmaAccess.Kind.WRITE
            && access.length() == 4
            && (access.address() & 3) == 0;
    if (legal || anonymousInterrupts) {
      return new Translation.Interrupt(access.address());
    }
    if (request.recorder != null) {
      request.recorder.failed(Stage.INTERRUPT, "Interrupt range", FaultReason.NOT_AN_INTERRUPT);
    }
    request.fail(FaultReason.NOT_AN_INTERRUPT);
    refuse();
    return new Translation.Blocked(FaultReason.NOT_AN_INTERRUPT, request.recorded, false);
  }

  private boolean decide() {
    if (translator.translate(request) && protectedMemory.allows(request)) {
      return true;
    }
    refuse();
    return false;
  }

  private void refuse() {
    FaultReason reason = request.reason;
    if (reason == null || request.probing) {
      return;
    }
    counters.faults++;
    if (!request.cached && !isSuppressed(reason)) {
      request.recorded =
          faults.record(reason, request.address, request.source, recordDetails(reason));
    }
  }

  private boolean isSuppressed(FaultReason reason) {
    if (!request.faultsSuppressed || !reason.isQualified()) {
      return false;
    }
    boolean exempt =
        (contextReservedUnqualified && reason == FaultReason.CONTEXT_RESERVED)
            || (pasidFaultsUnqualified && reason == FaultReason.PASID_ENTRY_UNREADABLE);
    return !exempt;
  }

  private long recordDetails(FaultReason reason) {
    long details = 0;
    boolean reads = !request.writes();
    boolean atomic =
        request.writes()
            && (request.need & Rights.READ) != 0
            && request.type == AddressType.UNTRANSLATED;
    details |= reads || atomic ? FaultRecord.T1.mask() : 0;
    details |= atomic ? FaultRecord.T2.mask() : 0;
    details = FaultRecord.AT.with(details, request.type.ordinal());
    if (request.pasid != DmaAccess.NO_PASID) {
      details = FaultRecord.PP.with(details, 1);
      details = FaultRecord.PV.with(details, request.pasid);
      details = FaultRecord.EXE.with(details, request.executes() ? 1 : 0);
      details = FaultRecord.PRIV.with(details, request.privileged ? 1 : 0);
    } else if (request.inWalk && translator.mode() == TableMode.SCALABLE && ridPasidRecorded) {
      details = FaultRecord.PP.with(details, 1);
      details = FaultRecord.PV.with(details, request.usedPasid & 0xFFFF);
    } else if (request.inWalk && pasidFieldFilled) {
      details = FaultRecord.PV.with(details, 0xFFFF);
    }
    return details;
  }

  // ---- paths -----------------------------------------------------------------------------------

  /** Translates a request for real and keeps every stage. */
  public WalkPath trace(DmaAccess access) {
    request.start(access);
    return path(access);
  }

  /** What would happen to a request now; changes nothing. */
  public WalkPath probe(DmaAccess access) {
    request.start(access);
    request.probing = true;
    return path(access);
  }

  private WalkPath path(DmaAccess access) {
    PathRecorder recorder = new PathRecorder();
    request.recorder = recorder;
    recorder.plain(
        Stage.DEVICE,
        access.source() + " " + access.verb(),
        Outcome.OK,
        hex("address", access.address()),
        fact("bytes", access.length()));
    Translation translation = run(access);
    WalkPath.Outcome outcome = outcome(translation, access, recorder);
    request.recorder = null;
    return new WalkPath(access, recorder.steps(), outcome);
  }

  private WalkPath.Outcome outcome(
      Translation translation, DmaAccess access, PathRecorder recorder) {
    return switch (translation) {
      case Translation.Done done -> {
        boolean isMemory = memory.isRam(done.address(), Math.max(access.length(), 1));
        recorder.plain(
            Stage.MEMORY,
            isMemory ? "Memory" : "No memory",
            isMemory ? Outcome.OK : Outcome.MISS,
            hex("address", done.address()),
            fact("rights", Rights.text(done.rights() & 7)));
        yield isMemory
            ? new WalkPath.Reached(done.address(), done.size(), done.rights())
            : new WalkPath.Nothing(done.address(), done.size(), done.rights());
      }
      case Translation.Blocked blocked ->
          new WalkPath.Blocked(blocked.reason(), blocked.recorded(), blocked.cached());
      case Translation.Interrupt interrupt -> new WalkPath.Interrupt(Optional.empty());
      case Translation.Aborted aborted -> new WalkPath.Aborted();
    };
  }

  // ---- interrupts ------------------------------------------------------------------------------

  /**
   * Remaps an interrupt request and delivers the message.
   *
   * @param source requester id, or {@link #ANONYMOUS}
   * @param address message address
   * @param data message data
   */
  public InterruptOutcome interrupt(int source, long address, int data) {
    return interrupts.remap(source, address, data, null);
  }

  /** Remaps an interrupt request for real and keeps every stage. */
  public WalkPath traceInterrupt(DmaAccess access, int data) {
    PathRecorder recorder = new PathRecorder();
    recorder.plain(
        Stage.DEVICE,
        access.source() + " interrupt",
        Outcome.OK,
        hex("address", access.address()),
        hex("data", data & 0xFFFF_FFFFL));
    InterruptOutcome outcome =
        interrupts.remap(access.source().value(), access.address(), data, recorder);
    return new WalkPath(access, recorder.steps(), new WalkPath.Interrupt(Optional.of(outcome)));
  }

  // ---- what can be looked at -------------------------------------------------------------------

  /** What the IOTLB holds. */
  public List<CacheLine> iotlb() {
    return views.iotlb();
  }

  /** What the context cache holds. */
  public List<CacheLine> contextCache() {
    return views.contexts();
  }

  /** What the PASID cache holds. */
  public List<CacheLine> pasidCache() {
    return views.pasids();
  }

  /** What the paging-structure cache holds. */
  public List<CacheLine> pagingCache() {
    return views.paging();
  }

  /** What the interrupt-entry cache holds. */
  public List<CacheLine> interruptCache() {
    return views.interrupts();
  }

  /** Tells whether a cached entry differs from what the tables now say. */
  public boolean isStale(CacheLine line) {
    return translator.freshness().isStale(line);
  }

  /** Event counts since reset. */
  public UnitCounters counters() {
    return counters.snapshot();
  }

  // ---- checkpoints -----------------------------------------------------------------------------

  /** Everything a unit remembers, to go back to. */
  public static final class State {
    private final int[] registers;
    private final int nextRecord;
    private final boolean enabled;
    private final long root;
    private final TableMode mode;
    private final BitSet detached;
    private final InvalidationQueue.Saved queue;
    private final InterruptRemapper.Saved interrupts;
    private final Caches.Saved caches;
    private final UnitCounters counters;

    private State(RemappingUnit unit) {
      registers = unit.registers.save();
      nextRecord = unit.faults.next();
      enabled = unit.translator.isEnabled();
      root = unit.translator.rootTable();
      mode = unit.translator.mode();
      detached = unit.translator.detachments().detachment().save();
      queue = unit.queue.save();
      interrupts = unit.interrupts.save();
      caches = unit.caches.save();
      counters = unit.counters.snapshot();
    }
  }

  /** Keeps the present state; memory has checkpoints of its own. */
  public State save() {
    return new State(this);
  }

  /** Goes back to a kept state of this unit. */
  public void restore(State state) {
    registers.restore(state.registers);
    faults.setNext(state.nextRecord);
    translator.setEnabled(state.enabled);
    translator.setRoot(state.root, state.mode);
    translator.detachments().detachment().restore(state.detached);
    queue.restore(state.queue);
    interrupts.restore(state.interrupts);
    caches.restore(state.caches);
    counters.restore(state.counters);
    protectedMemory.written();
    translator.setMemoryProtected(protectedMemory.isOn());
  }
}

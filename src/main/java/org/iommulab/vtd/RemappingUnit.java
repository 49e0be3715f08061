package org.iommulab.vtd;

import static org.iommulab.vtd.request.PathRecorder.fact;
import static org.iommulab.vtd.request.PathRecorder.hex;

import java.util.List;
import java.util.Optional;
import org.iommulab.bus.DmaAccess;
import org.iommulab.bus.DmaAccess.AddressType;
import org.iommulab.bus.MessageSink;
import org.iommulab.bus.Mmio;
import org.iommulab.bus.SourceId;
import org.iommulab.bus.ats.AtsEndpoints;
import org.iommulab.bus.ats.DeviceTlb;
import org.iommulab.bus.ats.PageRequestMessage;
import org.iommulab.bus.ats.TranslationAgent;
import org.iommulab.bus.ats.TranslationCompletion;
import org.iommulab.bus.ats.TranslationRequest;
import org.iommulab.memory.PhysicalMemory;
import org.iommulab.vtd.ats.EndpointAgent;
import org.iommulab.vtd.cache.CacheLine;
import org.iommulab.vtd.cache.CacheLine.Cache;
import org.iommulab.vtd.cache.Caches;
import org.iommulab.vtd.config.Capabilities;
import org.iommulab.vtd.config.Quirk;
import org.iommulab.vtd.config.Surroundings;
import org.iommulab.vtd.config.UnitConfiguration;
import org.iommulab.vtd.interrupt.InterruptRemapper;
import org.iommulab.vtd.invalidation.InvalidationQueue;
import org.iommulab.vtd.layout.CapabilityLayout;
import org.iommulab.vtd.layout.ExtendedCapabilityLayout;
import org.iommulab.vtd.layout.FaultReason;
import org.iommulab.vtd.layout.RegisterLayouts;
import org.iommulab.vtd.register.FaultLog;
import org.iommulab.vtd.register.RegisterFile;
import org.iommulab.vtd.register.UnitWatch;
import org.iommulab.vtd.request.Counters;
import org.iommulab.vtd.request.InterruptOutcome;
import org.iommulab.vtd.request.PathRecorder;
import org.iommulab.vtd.request.Request;
import org.iommulab.vtd.request.Rights;
import org.iommulab.vtd.request.Translation;
import org.iommulab.vtd.request.TranslationTrace;
import org.iommulab.vtd.request.UnitCounters;
import org.iommulab.vtd.request.WalkPath;
import org.iommulab.vtd.request.WalkStep.Outcome;
import org.iommulab.vtd.request.WalkStep.Stage;
import org.iommulab.vtd.translate.Requests;
import org.iommulab.vtd.translate.Translator;
import org.jspecify.annotations.Nullable;

/**
 * A VT-d remapping unit: registers, caches, walkers, fault records.
 *
 * <p>Not thread-safe: one thread owns a laboratory.
 */
public final class RemappingUnit implements Mmio, TranslationAgent, UnitView {

  /** Answer of {@link #translateFast} to a request that is refused for no reason of its own. */
  private static final long ABORTED = Long.MIN_VALUE;

  private static final Translation INTERRUPT = new Translation.Interrupt(Optional.empty());

  /** Requester id of an interrupt request that carries none. */
  public static final int ANONYMOUS = InterruptRemapper.ANONYMOUS;

  private final UnitConfiguration configuration;
  private final PhysicalMemory memory;
  private final Counters counters;
  private final RegisterFile registers;
  private final FaultLog faults;
  private final Caches caches;
  private final InterruptRemapper interrupts;
  private final Translator translator;
  private final Requests requests;
  private final InvalidationQueue queue;
  private final EndpointAgent endpoints;
  private final PerformanceMonitor monitor;
  private final CommandRegisters commands;
  private final boolean anonymousInterrupts;
  private final boolean answers;
  private final Request request;

  /** A unit in its reset state, above devices that do not speak ATS. */
  public RemappingUnit(
      UnitConfiguration configuration, PhysicalMemory memory, MessageSink messages) {
    this(configuration, new Surroundings(memory, messages, AtsEndpoints.NONE));
  }

  /** A unit in its reset state. */
  public RemappingUnit(UnitConfiguration configuration, Surroundings surroundings) {
    this.configuration = configuration;
    memory = surroundings.memory();
    if (configuration.has(Quirk.PROCESSOR_WRITES_ARE_HELD_BACK)) {
      Capabilities capabilities = configuration.capabilities();
      memory.holdWrites(
          !capabilities.has(ExtendedCapabilityLayout.C), capabilities.has(CapabilityLayout.RWBF));
    }
    counters = new Counters(configuration.tagging() == UnitConfiguration.Tagging.DOMAIN);
    registers = new RegisterFile(configuration);
    faults = new FaultLog(configuration, registers, surroundings.messages());
    caches = new Caches(configuration);
    interrupts = new InterruptRemapper(configuration, surroundings, caches, faults, counters);
    translator = new Translator(configuration, memory, caches, counters, interrupts::isStale);
    requests = new Requests(configuration, registers, faults, translator, counters);
    request = requests.current();
    queue =
        new InvalidationQueue(
            configuration, surroundings, registers, faults, caches, translator, counters);
    endpoints =
        new EndpointAgent(
            configuration, surroundings, registers, caches, translator, requests, queue, counters);
    monitor = new PerformanceMonitor(registers, surroundings.messages(), counters, translator);
    commands = new CommandRegisters(configuration, registers, monitor);
    new GlobalCommand(
        configuration, memory, registers, faults, caches, translator, queue, interrupts);
    answers = !configuration.has(Quirk.DOES_NOT_ANSWER);
    anonymousInterrupts = configuration.has(Quirk.DMA_INTERRUPTS_ARE_ANONYMOUS);
  }

  /** How it is built. */
  @Override
  public UnitConfiguration configuration() {
    return configuration;
  }

  // ---- registers -------------------------------------------------------------------------------

  @Override
  public long read(int offset, int size) {
    if (!answers) {
      return -1L >>> 64 - 8 * size;
    }
    monitor.update();
    return registers.read(offset, size);
  }

  @Override
  public void write(int offset, int size, long value) {
    if (answers) {
      registers.write(offset, size, value);
    }
  }

  /** Tells a watcher of register writes and descriptors; null: nobody any more. */
  public void setWatch(@Nullable UnitWatch watcher) {
    registers.setWatch(watcher);
    queue.setWatch(watcher);
  }

  /** RTADDR as SRTP took it over: the root table in use with its mode. */
  @Override
  public long latchedRootAddress() {
    long mode = RegisterLayouts.RTADDR.field("TTM").with(0, translator.mode().ordinal());
    return translator.rootTable() | mode;
  }

  /** Power-on reset: registers and caches; memory stays. */
  public void reset() {
    registers.reset();
    caches.reset();
    counters.reset();
    faults.restart();
    translator.reset();
    queue.reset();
    monitor.reset();
    commands.reset();
    interrupts.reset();
    requests.reset();
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
   * @return the physical address, or a negative number if it is refused: minus the failed check's,
   *     see {@link FaultReason#code}
   */
  public long translateFast(int source, long address, int access) {
    int key = Translator.key(source, access);
    long output = translateKnown(key, address);
    return output >= 0 ? output : translateUnfound(key, address);
  }

  /**
   * A requester and an access, for {@link #translateKnown}.
   *
   * @param access {@link Rights#READ} or {@link Rights#WRITE} or both
   */
  public static int key(SourceId source, int access) {
    return Translator.key(source.value(), access);
  }

  /**
   * The first thing that {@link #translateFast} does: answers what is quickly found. For callers
   * with many requests in a row, who keep what is rare out of their loop.
   *
   * @return the physical address; negative if nothing was done and {@link #translateFast} has to
   */
  public long translateKnown(int key, long address) {
    return translator.translateFast(key, address);
  }

  private long translateUnfound(int key, long address) {
    long output = translator.translateUnfound(key, address);
    return output >= 0 ? output : translateSlowly(key, address);
  }

  private long translateSlowly(int key, long address) {
    Translator.start(request, key, address);
    boolean translated = requests.decide();
    monitor.update();
    if (translated) {
      return request.output;
    }
    return request.reason == null ? ABORTED : -request.reason.code();
  }

  private Translation run(DmaAccess access) {
    Translation answer = answer(access);
    monitor.update();
    return answer;
  }

  private Translation answer(DmaAccess access) {
    boolean plain = access.type() == AddressType.UNTRANSLATED && access.pasid().isNone();
    if (plain && Requests.isInterruptAddress(access.address())) {
      return interruptRequest(access);
    }
    if (requests.decide()) {
      return done(access.length());
    }
    FaultReason reason = request.reason;
    return reason == null ? new Translation.Aborted() : blocked(reason);
  }

  private Translation done(int length) {
    boolean isMemory = memory.isRam(request.output, Math.max(length, 1));
    if (request.recorder != null) {
      request.recorder.plain(
          Stage.MEMORY,
          isMemory ? "Memory" : "No memory",
          isMemory ? Outcome.OK : Outcome.MISS,
          hex("address", request.output),
          fact("rights", Rights.text(request.rights & 7)));
    }
    long size = 1L << 9 * request.level + 3;
    return new Translation.Done(request.output, size, request.rights, isMemory);
  }

  private Translation blocked(FaultReason reason) {
    boolean suppressed = requests.isSuppressed(reason);
    return new Translation.Blocked(reason, request.recorded, request.cached, suppressed);
  }

  private Translation interruptRequest(DmaAccess access) {
    boolean legal =
        access.kind() == DmaAccess.Kind.WRITE
            && access.length() == 4
            && (access.address() & 3) == 0;
    if (legal || anonymousInterrupts) {
      return INTERRUPT;
    }
    if (request.recorder != null) {
      request.recorder.failed(Stage.INTERRUPT, "Interrupt range", FaultReason.NOT_AN_INTERRUPT);
    }
    request.fail(FaultReason.NOT_AN_INTERRUPT);
    requests.refuse();
    return blocked(FaultReason.NOT_AN_INTERRUPT);
  }

  // ---- endpoints with translation caches -------------------------------------------------------

  @Override
  public TranslationCompletion translate(TranslationRequest asked) {
    TranslationCompletion completion = endpoints.translate(asked);
    monitor.update();
    return completion;
  }

  @Override
  public void invalidationCompleted(SourceId source, int tag) {
    endpoints.invalidationCompleted(source, tag);
  }

  @Override
  public Receipt request(PageRequestMessage message) {
    Receipt receipt = endpoints.request(message);
    monitor.update();
    return receipt;
  }

  /** Lets virtual time pass: endpoints that owe an answer for too long are given up. */
  public void elapse(long ns) {
    queue.elapse(ns);
  }

  // ---- paths -----------------------------------------------------------------------------------

  /** Translates a request for real and keeps every stage. */
  public WalkPath trace(DmaAccess access) {
    request.start(access);
    return path(access);
  }

  /** Answers a translation request for real and keeps every stage. */
  public TranslationTrace trace(TranslationRequest asked) {
    TranslationTrace trace = endpoints.trace(asked);
    monitor.update();
    return trace;
  }

  /** What would happen to a request now; changes nothing. */
  @Override
  public WalkPath probe(DmaAccess access) {
    request.start(access);
    request.probing = true;
    return path(access);
  }

  private WalkPath path(DmaAccess access) {
    PathRecorder recorder = new PathRecorder();
    request.recorder = recorder;
    recorder.device(access, access.verb(), fact("bytes", access.length()));
    Translation answer = run(access);
    request.recorder = null;
    return new WalkPath(access, recorder.steps(), answer);
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
    InterruptOutcome outcome = interrupts.remap(source, address, data, null);
    monitor.update();
    return outcome;
  }

  /** Remaps an interrupt request for real and keeps every stage. */
  public WalkPath traceInterrupt(DmaAccess access, int data) {
    PathRecorder recorder = new PathRecorder();
    recorder.device(access, "interrupt", hex("data", data & 0xFFFF_FFFFL));
    InterruptOutcome outcome =
        interrupts.remap(access.source().value(), access.address(), data, recorder);
    return new WalkPath(access, recorder.steps(), new Translation.Interrupt(Optional.of(outcome)));
  }

  // ---- what can be looked at -------------------------------------------------------------------

  /** What the IOTLB holds. */
  @Override
  public List<CacheLine> iotlb() {
    return caches.lines(Cache.IOTLB);
  }

  /** What the context cache holds. */
  @Override
  public List<CacheLine> contextCache() {
    return caches.lines(Cache.CONTEXT);
  }

  /** What the PASID cache holds. */
  @Override
  public List<CacheLine> pasidCache() {
    return caches.lines(Cache.PASID);
  }

  /** What the paging-structure cache holds. */
  @Override
  public List<CacheLine> pagingCache() {
    return caches.lines(Cache.PAGING_STRUCTURE);
  }

  /** What the interrupt-entry cache holds. */
  @Override
  public List<CacheLine> interruptCache() {
    return caches.lines(Cache.INTERRUPT_ENTRY);
  }

  /** Tells whether a cached entry differs from what the tables now say. */
  @Override
  public boolean isStale(CacheLine line) {
    return translator.isStale(line);
  }

  /** Tells whether a cached entry lets requests do what the tables would not. */
  @Override
  public boolean grantsTooMuch(CacheLine line) {
    return translator.grantsTooMuch(line);
  }

  /** Tells whether a translation that a device has cached differs from what the tables now say. */
  @Override
  public boolean isStale(SourceId source, DeviceTlb.Line line) {
    return endpoints.isStale(source, line);
  }

  /** Event counts since reset. */
  @Override
  public UnitCounters counters() {
    return counters.snapshot();
  }
}

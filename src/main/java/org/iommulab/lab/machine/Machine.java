package org.iommulab.lab.machine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.iommulab.bus.DmaAccess;
import org.iommulab.bus.MessageSink;
import org.iommulab.bus.PciDevice;
import org.iommulab.bus.SourceId;
import org.iommulab.bus.ats.DeviceTlb;
import org.iommulab.lab.machine.DmaOutcome.Chunk;
import org.iommulab.lab.machine.DmaOutcome.Status;
import org.iommulab.memory.PhysicalMemory;
import org.iommulab.vtd.RemappingUnit;
import org.iommulab.vtd.config.Quirk;
import org.iommulab.vtd.config.Surroundings;
import org.iommulab.vtd.layout.FaultReason;
import org.iommulab.vtd.request.InterruptOutcome;
import org.iommulab.vtd.request.RequestOutcome;
import org.iommulab.vtd.request.Rights;
import org.iommulab.vtd.request.Translation;
import org.iommulab.vtd.request.TranslationTrace;
import org.iommulab.vtd.request.WalkPath;
import org.jspecify.annotations.Nullable;

/**
 * A machine: memory, remapping units and devices.
 *
 * <p>Not thread-safe: one thread owns a laboratory.
 */
public final class Machine implements MachineView {

  /** Virtual time one step of a device takes. */
  private static final long STEP_NS = 1000;

  /** Steps of one device that a single lapse of time may bring. */
  private static final long MOST_STEPS = 4096;

  /** Ways of requests kept since tracing went on; a person looks at no more. */
  private static final int MOST_PATHS = 256;

  private final MachineSpec spec;
  private final PhysicalMemory memory;
  private final List<RemappingUnit> units = new ArrayList<>();
  private final List<InterruptMessage> interrupts = new ArrayList<>();
  private final List<InterruptMessage> unhandled = new ArrayList<>();
  private final Routes routes;
  private final Endpoints endpoints = new Endpoints();
  private final Map<SourceId, MachineDevice> working = new LinkedHashMap<>();
  private boolean tracing;
  private @Nullable WalkPath lastPath;
  private final List<WalkPath> paths = new ArrayList<>();
  private @Nullable RequestWatch watch;

  /** A machine with empty memory in its reset state. */
  public Machine(MachineSpec spec) {
    this(spec, PhysicalMemory.of(spec.ram()));
  }

  /** A machine around memory that exists already. */
  public Machine(MachineSpec spec, PhysicalMemory memory) {
    this.spec = spec;
    this.memory = memory;
    for (var placement : spec.units()) {
      units.add(
          new RemappingUnit(
              placement.configuration(),
              new Surroundings(
                  memory,
                  this::deliver,
                  source -> endpoints.endpoint(source.inSegment(placement.segment())))));
    }
    routes = new Routes(spec, units);
    for (PciDevice device : spec.devices()) {
      unit(device.source())
          .ifPresent(unit -> endpoints.add(device, new ListenedAgent(unit, () -> tracing)));
      MachineDevice.of(this, device).ifPresent(made -> working.put(device.source(), made));
    }
  }

  /** What it is built of. */
  @Override
  public MachineSpec spec() {
    return spec;
  }

  /** Its memory. */
  @Override
  public PhysicalMemory memory() {
    return memory;
  }

  /** The first remapping unit. */
  @Override
  public RemappingUnit unit() {
    return units.getFirst();
  }

  /** The unit that serves a requester; empty if no unit does, so that nothing is translated. */
  @Override
  public Optional<RemappingUnit> unit(SourceId source) {
    return Optional.ofNullable(routes.of(source).unit());
  }

  /** The id that a function's requests carry when they reach its unit. */
  @Override
  public SourceId requester(SourceId source) {
    return routes.of(source).requester();
  }

  /** All remapping units. */
  @Override
  public List<RemappingUnit> units() {
    return List.copyOf(units);
  }

  /** Physical address of the first unit's registers. */
  public long mmioBase() {
    return spec.units().getFirst().base();
  }

  /** The requesters. */
  @Override
  public List<PciDevice> devices() {
    return spec.devices();
  }

  /**
   * Lets a device write. The data is split at 4 KiB boundaries and the pieces are translated each
   * on its own, in ascending order; a refused piece does not stop the next one.
   */
  public DmaOutcome dmaWrite(SourceId source, long iova, byte[] data) {
    return dma(source, iova, data.clone(), DmaAccess.Kind.WRITE);
  }

  /** Lets a device read; pieces as in {@link #dmaWrite}. */
  public DmaOutcome dmaRead(SourceId source, long iova, int length) {
    return dma(source, iova, new byte[length], DmaAccess.Kind.READ);
  }

  private DmaOutcome dma(SourceId source, long iova, byte[] data, DmaAccess.Kind kind) {
    return dma(DmaAccess.of(source, iova, data.length, kind), data);
  }

  /**
   * Carries out any kind of DMA, in pieces as in {@link #dmaWrite}.
   *
   * @param whole the request as if it needed no splitting
   * @param data what to write, or room for what is read
   */
  public DmaOutcome dma(DmaAccess whole, byte[] data) {
    Routes.Route route = routes.of(whole.source());
    return inPieces(
        whole.from(route.requester()),
        (access, at) -> told(access, piece(route.unit(), access, data, at)));
  }

  /**
   * As {@link #dma(DmaAccess, byte[])}, but the device looks into its own translation cache first,
   * asks the unit for what is missing there, and sends physical addresses.
   */
  public DmaOutcome dmaByDeviceTlb(DmaAccess whole, byte[] data) {
    return inPieces(whole, (access, at) -> told(access, translatedPiece(access, data, at)));
  }

  private Chunk told(DmaAccess access, Chunk chunk) {
    if (watch != null) {
      watch.answered(access, chunk);
    }
    return chunk;
  }

  /** Tells a watcher of every piece of DMA; null: nobody any more. */
  public void setWatch(@Nullable RequestWatch watcher) {
    watch = watcher;
  }

  /** The device with that id, with its registers; empty for what has none. */
  @Override
  public Optional<MachineDevice> device(SourceId source) {
    return Optional.ofNullable(working.get(source));
  }

  /** All devices that have registers, in the machine's order. */
  public List<MachineDevice> workingDevices() {
    return List.copyOf(working.values());
  }

  /** The translation cache of a device; empty if it has none. */
  public Optional<DeviceTlb> deviceTlb(SourceId source) {
    return Optional.ofNullable(endpoints.deviceTlb(source));
  }

  @Override
  public List<DeviceTlb.Line> cached(SourceId source) {
    DeviceTlb cache = endpoints.deviceTlb(source);
    return cache == null ? List.of() : cache.lines();
  }

  private Chunk translatedPiece(DmaAccess access, byte[] data, int offset) {
    DeviceTlb cache = endpoints.deviceTlb(access.source());
    RemappingUnit unit = routes.of(access.source()).unit();
    if (cache == null || unit == null) {
      return chunk(access, new RequestOutcome.Refused(null));
    }
    endpoints.takeAsked(access.source());
    DeviceTlb.Way way = cache.way(access);
    TranslationTrace asked = endpoints.takeAsked(access.source());
    return switch (way) {
      case DeviceTlb.Send send -> {
        Chunk chunk = piece(unit, send.access(), data, offset).at(access.address());
        WalkPath translated = lastPath;
        if (tracing && translated != null) {
          WalkPath whole = DeviceTlbPath.sent(access, send, asked, translated);
          lastPath = whole;
          paths.replaceAll(path -> path == translated ? whole : path);
        }
        yield chunk;
      }
      case DeviceTlb.Denied denied -> {
        yield unsent(access, asked, new RequestOutcome.Denied());
      }
      case DeviceTlb.Refused refused -> {
        FaultReason reason = FaultReason.of(refused.completion().fault());
        yield unsent(access, asked, new RequestOutcome.Refused(reason));
      }
    };
  }

  private Chunk unsent(DmaAccess access, @Nullable TranslationTrace asked, RequestOutcome outcome) {
    if (tracing) {
      keep(DeviceTlbPath.unsent(access, asked, outcome));
    } else {
      lastPath = null;
    }
    return chunk(access, outcome);
  }

  /** Carries out one piece whose data starts at an offset. */
  private interface Piece {
    Chunk move(DmaAccess access, int offset);
  }

  private static DmaOutcome inPieces(DmaAccess whole, Piece piece) {
    var chunks = new ArrayList<Chunk>();
    for (int done = 0; done < whole.length(); ) {
      DmaAccess access = whole.part(done);
      chunks.add(piece.move(access, done));
      done += access.length();
    }
    Status status = chunks.isEmpty() ? Status.DONE : chunks.getFirst().status();
    for (Chunk chunk : chunks) {
      if (chunk.status() != status) {
        status = Status.MIXED;
      }
    }
    return new DmaOutcome(status, chunks);
  }

  private Chunk piece(@Nullable RemappingUnit unit, DmaAccess access, byte[] data, int offset) {
    if (unit == null) {
      return untranslated(access, data, offset);
    }
    RequestOutcome outcome;
    if (tracing) {
      WalkPath path = unit.trace(access);
      keep(path);
      outcome = path.outcome();
    } else {
      outcome = unit.translate(access);
    }
    if (outcome instanceof Translation.Done done) {
      return move(access, done, data, offset);
    }
    if (outcome instanceof Translation.Interrupt && access.writes()) {
      sendInterrupts(unit, access, data, offset);
    }
    return chunk(access, outcome);
  }

  /** No unit on the way: the address is physical, and interrupt requests arrive as they are. */
  private Chunk untranslated(DmaAccess access, byte[] data, int offset) {
    if (access.address() >>> 20 != 0xFEE || !access.writes()) {
      boolean isMemory = memory.isRam(access.address(), access.length());
      return move(
          access,
          new Translation.Done(access.address(), PhysicalMemory.FRAME_BYTES, Rights.ALL, isMemory),
          data,
          offset);
    }
    forEachDword(access, data, offset, this::deliver);
    return chunk(access, new Translation.Interrupt(Optional.empty()));
  }

  private void deliver(long address, int value) {
    var message = new InterruptMessage(address, value);
    interrupts.add(message);
    unhandled.add(message);
  }

  private static Chunk chunk(DmaAccess access, RequestOutcome outcome) {
    return new Chunk(access.address(), access.length(), outcome, null);
  }

  private Chunk move(DmaAccess access, Translation.Done done, byte[] data, int offset) {
    int length = access.length();
    long physical = done.address();
    byte[] read = null;
    if (done.memory() && access.writes()) {
      memory.write(physical, data, offset, length);
      memory.arrived(physical, length);
    } else if (done.memory()) {
      memory.read(physical, data, offset, length);
      read = Arrays.copyOfRange(data, offset, offset + length);
    }
    return new Chunk(access.address(), length, done, read);
  }

  private static void sendInterrupts(
      RemappingUnit unit, DmaAccess access, byte[] data, int offset) {
    boolean anonymous = unit.configuration().has(Quirk.DMA_INTERRUPTS_ARE_ANONYMOUS);
    int source = anonymous ? RemappingUnit.ANONYMOUS : access.source().value();
    forEachDword(access, data, offset, (address, value) -> unit.interrupt(source, address, value));
  }

  /**
   * Writes to the interrupt range arrive as aligned dwords; what does not fill one is dropped. The
   * architecture allows single dwords only and refuses all else before this.
   */
  private static void forEachDword(
      DmaAccess access, byte[] data, int offset, MessageSink receiver) {
    int end = access.length();
    for (int at = (int) -access.address() & 3; at + 4 <= end; at += 4) {
      int value = 0;
      for (int i = 3; i >= 0; i--) {
        value = value << 8 | data[offset + at + i] & 0xFF;
      }
      receiver.deliver(access.address() + at, value);
    }
  }

  /** Lets a device send a message-signalled interrupt. */
  public InterruptOutcome msi(SourceId source, long address, int data) {
    Routes.Route route = routes.of(source);
    RemappingUnit unit = route.unit();
    if (unit == null) {
      deliver(address, data);
      return new InterruptOutcome.Delivered(address, data, InterruptOutcome.NO_INDEX);
    }
    if (tracing) {
      WalkPath path = unit.traceInterrupt(DmaAccess.write(route.requester(), address, 4), data);
      keep(path);
      if (path.outcome() instanceof Translation.Interrupt interrupt) {
        return interrupt.interrupt().orElseThrow();
      }
    }
    return unit.interrupt(route.requester().value(), address, data);
  }

  /** The interrupts that no processor has taken yet, oldest first; they are taken by this. */
  public List<InterruptMessage> takeUnhandled() {
    var taken = List.copyOf(unhandled);
    unhandled.clear();
    return taken;
  }

  /** The interrupts that reached the processors since the last call, oldest first. */
  public List<InterruptMessage> drainInterrupts() {
    var drained = List.copyOf(interrupts);
    interrupts.clear();
    return drained;
  }

  /** Resets units and devices; memory stays. */
  public void reset() {
    units.forEach(RemappingUnit::reset);
    endpoints.reset();
    working.values().forEach(MachineDevice::powerOn);
    lastPath = null;
    paths.clear();
  }

  /** Lets virtual time pass: units notice time-outs, devices that have work go on with it. */
  public void elapse(long ns) {
    units.forEach(unit -> unit.elapse(ns));
    int steps = (int) Math.min(ns / STEP_NS, MOST_STEPS);
    working.values().forEach(device -> device.run(steps));
  }

  /** Keeps the way of every request for {@link #lastPath()}; off makes DMA faster. */
  public void setTracing(boolean on) {
    if (on && !tracing) {
      paths.clear();
    }
    tracing = on;
  }

  private void keep(WalkPath path) {
    lastPath = path;
    if (paths.size() < MOST_PATHS) {
      paths.add(path);
    }
  }

  /** The ways of the requests since tracing went on, oldest first; of very many the first. */
  public List<WalkPath> paths() {
    return List.copyOf(paths);
  }

  /** The way of the last request while tracing was on. */
  @Override
  public Optional<WalkPath> lastPath() {
    return Optional.ofNullable(lastPath);
  }
}

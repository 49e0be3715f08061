package org.iommulab.vtd.interrupt;

import static org.iommulab.vtd.request.PathRecorder.fact;

import java.util.List;
import java.util.Set;
import org.iommulab.bits.Layout;
import org.iommulab.bus.MessageSink;
import org.iommulab.memory.Page;
import org.iommulab.vtd.cache.Caches;
import org.iommulab.vtd.cache.InterruptEntry;
import org.iommulab.vtd.config.Quirk;
import org.iommulab.vtd.config.Surroundings;
import org.iommulab.vtd.config.UnitConfiguration;
import org.iommulab.vtd.layout.ExtendedCapabilityLayout;
import org.iommulab.vtd.layout.FaultReason;
import org.iommulab.vtd.layout.Irte;
import org.iommulab.vtd.layout.RegisterLayouts;
import org.iommulab.vtd.register.FaultLog;
import org.iommulab.vtd.request.Counters;
import org.iommulab.vtd.request.InterruptOutcome;
import org.iommulab.vtd.request.PathRecorder;
import org.iommulab.vtd.request.WalkStep.Stage;
import org.iommulab.vtd.translate.TableMemory;
import org.jspecify.annotations.Nullable;

/** Remaps interrupt requests through the interrupt table. Source: vtd.md 8. */
public final class InterruptRemapper {

  /** Requester id of a request that carries none. */
  public static final int ANONYMOUS = -1;

  private static final int REMAPPABLE = 1 << 4;
  private static final int SUBHANDLE_VALID = 1 << 3;
  private static final int[] QUALIFIER_MASKS = {0xFFFF, 0xFFFB, 0xFFF9, 0xFFF8};

  private final TableMemory memory;
  private final MessageSink messages;
  private final Caches caches;
  private final boolean cachesFaults;
  private final FaultLog faults;
  private final Counters counters;
  private final PostedInterrupts posted;
  private final boolean faultsNotRecorded;
  private final boolean compatibilityPasses;
  private final boolean loose;
  private final boolean busRangeReversed;
  private final boolean extendedSupported;
  private final long[] remappedReserved = new long[2];
  private final long[] postedReserved = new long[2];
  private boolean enabled;
  private boolean compatibility;
  private boolean extended;
  private long table;
  private int size;

  /** Interrupt remapping, switched off. */
  public InterruptRemapper(
      UnitConfiguration configuration,
      Surroundings surroundings,
      Caches caches,
      FaultLog faults,
      Counters counters) {
    memory = new TableMemory(configuration, surroundings.memory());
    messages = surroundings.messages();
    cachesFaults = configuration.cachesFaults();
    this.caches = caches;
    this.faults = faults;
    this.counters = counters;
    posted = new PostedInterrupts(surroundings.memory(), messages);
    faultsNotRecorded = configuration.has(Quirk.INTERRUPT_FAULTS_NOT_RECORDED);
    compatibilityPasses = configuration.has(Quirk.COMPATIBILITY_INTERRUPTS_PASS);
    loose = configuration.has(Quirk.INTERRUPT_ENTRIES_LOOSELY_CHECKED);
    busRangeReversed = configuration.has(Quirk.INTERRUPT_BUS_RANGE_IS_REVERSED);
    extendedSupported = configuration.capabilities().has(ExtendedCapabilityLayout.EIM) || loose;
    Set<String> features = configuration.capabilities().features();
    for (int i = 0; i < 2; i++) {
      remappedReserved[i] = Irte.REMAPPED.reservedMask(i, features);
      postedReserved[i] = Irte.POSTED.reservedMask(i, features);
    }
    if (loose) {
      remappedReserved[0] &= ~Irte.IM.mask();
      remappedReserved[0] |= Irte.URG.mask();
    }
  }

  /** Power-on state. */
  public void reset() {
    enabled = false;
    compatibility = false;
    extended = false;
    table = 0;
    size = 0;
  }

  public void setEnabled(boolean on) {
    enabled = on;
  }

  /** Compatibility-format requests pass. */
  public void setCompatibility(boolean on) {
    compatibility = on;
  }

  /** Takes over the IRTA register. */
  public void setTable(long register) {
    table = RegisterLayouts.IRTA.field("IRTA").get(register);
    size = 2 << RegisterLayouts.IRTA.field("S").get(register);
    extended = extendedSupported && RegisterLayouts.IRTA.field("EIME").isSet(register);
  }

  /** Remaps one request and delivers the result. */
  public InterruptOutcome remap(
      int source, long address, int data, @Nullable PathRecorder recorder) {
    counters.interrupts++;
    if (!enabled) {
      messages.deliver(address, data);
      return new InterruptOutcome.Delivered(address, data, InterruptOutcome.NO_INDEX);
    }
    if (address >>> 32 != 0 || (address & 0xFFF0_0000L) != MessageSink.FIRST) {
      return refuse(
          FaultReason.INTERRUPT_REQUEST_RESERVED,
          InterruptOutcome.NO_INDEX,
          source,
          false,
          recorder);
    }
    if ((address & REMAPPABLE) == 0) {
      return compatible(source, address, data, recorder);
    }
    boolean hasSubhandle = (address & SUBHANDLE_VALID) != 0;
    int handle = (int) (address >>> 5 & 0x7FFF | (address & 4) << 13);
    int sum = handle + (hasSubhandle ? data & 0xFFFF : 0);
    int index = loose ? sum & 0xFFFF : sum;
    boolean dirtyData = hasSubhandle && data >>> 16 != 0;
    if (dirtyData && !loose) {
      return refuse(FaultReason.INTERRUPT_REQUEST_RESERVED, index, source, false, recorder);
    }
    if (index >= size) {
      return refuse(FaultReason.INTERRUPT_INDEX_BEYOND_TABLE, index, source, false, recorder);
    }
    InterruptEntry entry = entry(index);
    if (entry == null) {
      return refuse(FaultReason.IRTE_UNREADABLE, index, source, false, recorder);
    }
    FaultReason reason = check(entry, source);
    if (reason == null && dirtyData) {
      reason = FaultReason.INTERRUPT_REQUEST_RESERVED;
    }
    note(recorder, entry, reason);
    if (reason != null) {
      if (cachesFaults && reason != FaultReason.INTERRUPT_SOURCE_REJECTED) {
        caches.interrupts.put(index, entry);
      }
      return refuse(reason, index, source, Irte.FPD.isSet(entry.low()), null);
    }
    if (caches.interrupts.exists()) {
      caches.interrupts.put(index, entry);
    }
    if (isPosted(entry)) {
      return post(entry, source);
    }
    return deliver(entry, loose ? (int) address & 3 : 0);
  }

  private InterruptOutcome compatible(
      int source, long address, int data, @Nullable PathRecorder recorder) {
    if (!compatibilityPasses && (extended || !compatibility)) {
      return refuse(
          FaultReason.COMPATIBILITY_INTERRUPT_BLOCKED,
          InterruptOutcome.NO_INDEX,
          source,
          false,
          recorder);
    }
    messages.deliver(address, data);
    return new InterruptOutcome.Delivered(address, data, InterruptOutcome.NO_INDEX);
  }

  private @Nullable InterruptEntry entry(int index) {
    InterruptEntry cached = caches.interrupts.get(index);
    counters.interruptHits += cached != null ? 1 : 0;
    counters.interruptMisses += cached != null ? 0 : 1;
    return cached != null ? cached : read(index);
  }

  /** Tells whether a cached entry differs from what the table now says. */
  public boolean isStale(int index) {
    int slot = caches.interrupts.find(index);
    InterruptEntry cached = slot < 0 ? null : caches.interrupts.at(slot);
    return cached != null && (index >= size || !cached.equals(read(index)));
  }

  private @Nullable InterruptEntry read(int index) {
    long address = table + index * (long) Irte.BYTES;
    long[] frame = memory.frame(Page.number(address));
    if (frame == null) {
      return null;
    }
    int at = (int) address >>> 3 & 511;
    return new InterruptEntry(index, frame[at], frame[at + 1]);
  }

  private boolean isPosted(InterruptEntry entry) {
    return !loose && Irte.IM.isSet(entry.low());
  }

  private @Nullable FaultReason check(InterruptEntry entry, int source) {
    if (!Irte.P.isSet(entry.low())) {
      return FaultReason.IRTE_NOT_PRESENT;
    }
    long[] reserved = isPosted(entry) ? postedReserved : remappedReserved;
    boolean narrowDestination = !loose && !extended && !isPosted(entry);
    long destination = narrowDestination ? Irte.DST.get(entry.low()) & ~0xFF00L : 0;
    if ((entry.low() & reserved[0]) != 0 || (entry.high() & reserved[1]) != 0 || destination != 0) {
      return FaultReason.IRTE_RESERVED;
    }
    return source == ANONYMOUS || isAllowed(entry.high(), source)
        ? null
        : FaultReason.INTERRUPT_SOURCE_REJECTED;
  }

  private boolean isAllowed(long high, int source) {
    int allowed = (int) Irte.SID.get(high);
    return switch ((int) Irte.SVT.get(high)) {
      case 0 -> true;
      case 1 -> {
        int mask = QUALIFIER_MASKS[(int) Irte.SQ.get(high)];
        yield (allowed & mask) == (source & mask);
      }
      case 2 -> isOnBus(source >> 8, allowed >> 8, allowed & 0xFF);
      default -> false;
    };
  }

  private boolean isOnBus(int bus, int upper, int lower) {
    int first = busRangeReversed ? lower : upper;
    int last = busRangeReversed ? upper : lower;
    return bus >= first && bus <= last;
  }

  private InterruptOutcome deliver(InterruptEntry entry, int lowBits) {
    long low = entry.low();
    int destination = (int) Irte.DST.get(low);
    if (!extended) {
      destination = destination >>> 8 & 0xFF;
    }
    long address =
        MessageSink.FIRST
            | (destination & 0xFFL) << 12
            | (Irte.RH.get(low) << 3)
            | (Irte.DM.get(low) << 2)
            | lowBits
            | (destination & 0xFFFF_FF00L) << 32;
    int data = (int) (Irte.TM.get(low) << 15 | 1L << 14 | Irte.DLM.get(low) << 8 | Irte.V.get(low));
    messages.deliver(address, data);
    return new InterruptOutcome.Delivered(address, data, entry.index());
  }

  private InterruptOutcome post(InterruptEntry entry, int source) {
    FaultReason reason = posted.post(entry);
    if (reason != null) {
      return refuse(reason, entry.index(), source, Irte.FPD.isSet(entry.low()), null);
    }
    return new InterruptOutcome.Posted(
        PostedInterrupts.descriptor(entry),
        (int) Irte.V.get(entry.low()),
        posted.notified(),
        entry.index());
  }

  private InterruptOutcome refuse(
      FaultReason reason,
      int index,
      int source,
      boolean suppressed,
      @Nullable PathRecorder recorder) {
    if (recorder != null) {
      recorder.failed(Stage.INTERRUPT, "Interrupt request", reason, fact("index", index));
    }
    counters.faults++;
    boolean recorded =
        !faultsNotRecorded
            && !(suppressed && reason.isQualified())
            && faults.record(reason, recordedIndex(reason, index), recordedSource(source), 0);
    return new InterruptOutcome.Blocked(reason, index, recorded);
  }

  private long recordedIndex(FaultReason reason, int index) {
    boolean none = loose && reason == FaultReason.INTERRUPT_REQUEST_RESERVED;
    return none ? 0 : (long) index << 48;
  }

  private int recordedSource(int source) {
    return loose ? source & 0xFFFF : Math.max(source, 0);
  }

  private void note(
      @Nullable PathRecorder recorder, InterruptEntry entry, @Nullable FaultReason reason) {
    if (recorder != null) {
      Layout layout = isPosted(entry) ? Irte.POSTED : Irte.REMAPPED;
      recorder.read(
          Stage.INTERRUPT,
          "Interrupt entry " + entry.index(),
          table + entry.index() * (long) Irte.BYTES,
          List.of(entry.low(), entry.high()),
          layout,
          reason,
          fact("vector", Irte.V.get(entry.low())));
    }
  }
}

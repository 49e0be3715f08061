package org.iommulab.vtd.translate;

import static org.iommulab.vtd.request.PathRecorder.fact;
import static org.iommulab.vtd.request.PathRecorder.hex;

import java.util.HashSet;
import java.util.Set;
import org.iommulab.vtd.cache.Binding;
import org.iommulab.vtd.config.Capabilities;
import org.iommulab.vtd.config.Quirk;
import org.iommulab.vtd.config.UnitConfiguration;
import org.iommulab.vtd.layout.CapabilityLayout;
import org.iommulab.vtd.layout.ExtendedCapabilityLayout;
import org.iommulab.vtd.layout.FaultReason;
import org.iommulab.vtd.layout.SecondStageEntry;
import org.iommulab.vtd.request.PathRecorder;
import org.iommulab.vtd.request.Request;
import org.iommulab.vtd.request.Rights;
import org.iommulab.vtd.request.WalkStep.Outcome;
import org.iommulab.vtd.request.WalkStep.Stage;
import org.jspecify.annotations.Nullable;

/**
 * Walks second-stage tables. The checks are made here, in the architecture's order: entry readable,
 * present, rights, reserved bits, page size. Source: vtd.md 3.1, 4.5.
 */
final class SecondStageWalker {

  /** Address bits of an entry. */
  public static final long ADDRESS = SecondStageEntry.TABLE.mask();

  /** The bit that makes an entry of level 2 or 3 a page. */
  public static final long PAGE = SecondStageEntry.PS.mask();

  private static final long ACCESSED = SecondStageEntry.A.mask();
  private static final long DIRTY = SecondStageEntry.D.mask();
  private static final long READ_WRITE = Rights.READ | Rights.WRITE;

  private final EntryReader reader;
  private final boolean allOnesUnreadable;
  private final boolean zeroLengthReads;

  /** Bits that must be zero, by level * 2 + PS. */
  private final long[] reserved = new long[12];

  // Where the next walk starts, if not at the top.
  private int resumeLevel;
  private long resumeTable;
  private long resumeRights;

  // The answer of the last walk.
  private final long[] passed = new long[6];
  private int firstLevel;
  private long output;
  private int level;
  private int rights;
  private int cacheable;
  private boolean refusesAll;

  public SecondStageWalker(UnitConfiguration configuration, EntryReader reader) {
    this.reader = reader;
    allOnesUnreadable = configuration.has(Quirk.ALL_ONES_ENTRY_IS_UNREADABLE);
    Capabilities capabilities = configuration.capabilities();
    zeroLengthReads = capabilities.has(CapabilityLayout.ZLR);
    Set<String> features = leafFeatures(configuration);
    long aboveHost = ADDRESS & -1L << capabilities.hostAddressWidth();
    for (int at = 1; at <= 5; at++) {
      for (int page = 0; page <= 1; page++) {
        long sample = page == 1 ? PAGE : 0;
        long mask = SecondStageEntry.of(at, sample).reservedMask(0, features) | aboveHost;
        if (page == 1 && at > 1 && !capabilities.supportsLeaf(at)) {
          mask |= PAGE;
        }
        reserved[at * 2 + page] = mask;
      }
    }
  }

  private static Set<String> leafFeatures(UnitConfiguration configuration) {
    Capabilities capabilities = configuration.capabilities();
    var features = new HashSet<>(capabilities.features());
    if (configuration.has(Quirk.SNOOP_BIT_ALLOWED_WITH_SCALABLE_MODE)
        && capabilities.has(ExtendedCapabilityLayout.SMTS)) {
      features.add(ExtendedCapabilityLayout.SC.name());
    }
    if (configuration.has(Quirk.TRANSIENT_MAPPING_WITH_DEVICE_TLB)
        && capabilities.has(ExtendedCapabilityLayout.DT)) {
      features.add(SecondStageEntry.TM.name());
    }
    return features;
  }

  /** Bits that must be zero in an entry of that level with or without {@link #PAGE}. */
  public long reserved(int at, long page) {
    return reserved[at * 2 + (int) (page >>> 7)];
  }

  long output() {
    return output;
  }

  int level() {
    return level;
  }

  int rights() {
    return rights;
  }

  /** The rights a cached entry may grant: no writes before a tracked dirty bit is set. */
  int cacheable() {
    return cacheable;
  }

  /**
   * Translates an address; the answer is in {@link #output}, {@link #level} and {@link #rights}.
   *
   * @param need {@link Rights} wanted
   * @return null if it succeeded
   */
  @Nullable FaultReason walk(
      Request request, Binding binding, long address, int need, Reasons reasons) {
    int wanted = need & (Rights.READ | Rights.WRITE | Rights.EXECUTE);
    int kinds = (int) READ_WRITE | (binding.secondExecute ? Rights.EXECUTE : 0);
    wanted &= kinds;
    long granted = kinds;
    long table = binding.secondRoot;
    int start = binding.secondLevels;
    if (resumeLevel != 0 && (resumeRights & wanted) == wanted) {
      table = resumeTable;
      granted &= resumeRights;
      start = resumeLevel;
    }
    resumeLevel = 0;
    firstLevel = start;
    for (int at = start; ; at--) {
      long entryAddress = table + ((address >>> 9 * at + 3 & 511) << 3);
      if (!reader.read(entryAddress)) {
        FaultReason reason =
            at == binding.secondLevels ? reasons.topUnreadable() : reasons.tableUnreadable();
        note(request, at, entryAddress, 0, reason, granted);
        level = at;
        refusesAll = true;
        return reason;
      }
      long entry = reader.entry();
      boolean page = at == 1 || (entry & PAGE) != 0;
      FaultReason reason = check(request, entry, at, wanted, kinds, reasons, binding);
      if (reason != null) {
        note(request, at, entryAddress, entry, reason, granted);
        level = at;
        refusesAll = (entry & kinds) == 0 || reason == reasons.tableReserved();
        return reason;
      }
      granted &= entry;
      note(request, at, entryAddress, entry, null, granted);
      if (binding.secondDirtyTracking && !request.probing) {
        boolean dirties = page && (wanted & Rights.WRITE) != 0;
        reason = update(binding, entryAddress, entry, dirties);
        if (reason != null) {
          note(request, at, entryAddress, entry, reason, granted);
          refusesAll = false;
          return reason;
        }
        entry |= dirties ? DIRTY : 0;
      }
      if (page) {
        long offset = (1L << 9 * at + 3) - 1;
        output = entry & ADDRESS & ~offset | address & offset;
        level = at;
        rights = spread((int) granted, entry);
        boolean clean = binding.secondDirtyTracking && (entry & DIRTY) == 0;
        cacheable = clean ? rights & ~(Rights.WRITE | Rights.PRIVILEGED_WRITE) : rights;
        return null;
      }
      table = entry & ADDRESS;
      passed[at] = table | granted;
    }
  }

  /**
   * After a walk that failed: whether the entry of {@link #level} that ended it is absent or
   * broken, so that every request must fail there.
   */
  boolean refusesAll() {
    return refusesAll;
  }

  /** Lets the next walk start at a lower table with the rights that are left there. */
  void resume(int atLevel, long table, long rightsLeft) {
    resumeLevel = atLevel;
    resumeTable = table;
    resumeRights = rightsLeft;
  }

  /** The level the last walk started at. */
  int firstLevel() {
    return firstLevel;
  }

  /** Next table and rights left behind an entry of the last walk that was no page. */
  long passed(int at) {
    return passed[at];
  }

  private @Nullable FaultReason check(
      Request request,
      long entry,
      int at,
      int wanted,
      int kinds,
      Reasons reasons,
      Binding binding) {
    if (allOnesUnreadable && entry == -1L) {
      return at == binding.secondLevels ? reasons.topUnreadable() : reasons.tableUnreadable();
    }
    if (reasons.denialNamesAbsence() && (entry & kinds) == 0) {
      return reasons.notPresent();
    }
    boolean anyRight = request.zeroLength && zeroLengthReads;
    if (anyRight ? (entry & READ_WRITE) == 0 : (entry & wanted) != wanted) {
      return denial(entry, wanted, reasons);
    }
    return (entry & reserved[at * 2 + (int) (entry >>> 7 & 1)]) == 0
        ? null
        : reasons.tableReserved();
  }

  private static FaultReason denial(long entry, int wanted, Reasons reasons) {
    long missing = wanted & ~entry;
    if ((missing & Rights.WRITE) != 0) {
      return reasons.writeDenied();
    }
    return (missing & Rights.READ) != 0 ? reasons.readDenied() : FaultReason.EXECUTE_DENIED;
  }

  private @Nullable FaultReason update(
      Binding binding, long entryAddress, long entry, boolean dirty) {
    long wanted = entry | ACCESSED | (dirty ? DIRTY : 0);
    if (wanted == entry) {
      return null;
    }
    if (!binding.walksSnoop) {
      return FaultReason.SECOND_STAGE_UPDATE_NOT_SNOOPED;
    }
    return reader.update(entryAddress, wanted) ? null : FaultReason.SECOND_STAGE_UPDATE_FAILED;
  }

  /** A second-stage right holds for user and privileged requests alike. */
  public static int spread(int granted, long leaf) {
    int all = granted & 7 | Rights.USER;
    all |= (granted & Rights.WRITE) != 0 ? Rights.PRIVILEGED_WRITE : 0;
    all |= (granted & Rights.EXECUTE) != 0 ? Rights.PRIVILEGED_EXECUTE : 0;
    all |= SecondStageEntry.SNP.isSet(leaf) ? Rights.SNOOP : 0;
    return all;
  }

  private static void note(
      Request request,
      int at,
      long entryAddress,
      long entry,
      @Nullable FaultReason reason,
      long granted) {
    PathRecorder recorder = request.recorder;
    if (recorder == null) {
      return;
    }
    boolean page = at == 1 || (entry & PAGE) != 0;
    Outcome outcome =
        reason != null
            ? Outcome.FAULT
            : (granted & READ_WRITE) != READ_WRITE ? Outcome.NARROWED : Outcome.OK;
    long size = 1L << 9 * at + 3;
    recorder.entry(
        Stage.SECOND_STAGE,
        at,
        entryAddress,
        entry,
        SecondStageEntry.of(at, entry),
        outcome,
        reason,
        fact("rights", Rights.text((int) granted & 7)),
        page ? hex("frame", entry & ADDRESS & -size) : hex("next table", entry & ADDRESS),
        fact("covers", size(size)));
  }

  private static String size(long bytes) {
    return bytes >= 1L << 30
        ? (bytes >> 30) + " GiB"
        : bytes >= 1L << 20 ? (bytes >> 20) + " MiB" : (bytes >> 10) + " KiB";
  }
}

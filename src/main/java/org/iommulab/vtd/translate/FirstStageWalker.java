package org.iommulab.vtd.translate;

import static org.iommulab.vtd.request.PathRecorder.fact;
import static org.iommulab.vtd.request.PathRecorder.hex;

import java.util.Arrays;
import java.util.Set;
import org.iommulab.vtd.cache.Binding;
import org.iommulab.vtd.config.Capabilities;
import org.iommulab.vtd.config.Quirk;
import org.iommulab.vtd.config.UnitConfiguration;
import org.iommulab.vtd.layout.CapabilityLayout;
import org.iommulab.vtd.layout.FaultReason;
import org.iommulab.vtd.layout.FirstStageEntry;
import org.iommulab.vtd.request.PathRecorder;
import org.iommulab.vtd.request.Request;
import org.iommulab.vtd.request.Rights;
import org.iommulab.vtd.request.WalkStep.Outcome;
import org.iommulab.vtd.request.WalkStep.Stage;
import org.jspecify.annotations.Nullable;

/**
 * Walks first-stage tables, alone or nested: then every table address and the final address go
 * through the second stage. Accessed and dirty bits are set once all checks have passed. Source:
 * vtd.md 3.2 to 3.5, 4.4.
 */
final class FirstStageWalker {

  private static final long ADDRESS = FirstStageEntry.TABLE.mask();
  private static final long PAGE = FirstStageEntry.PS.mask();
  private static final long PRESENT = FirstStageEntry.P.mask();
  private static final long WRITABLE = FirstStageEntry.RW.mask();
  private static final long USER = FirstStageEntry.US.mask();
  private static final long EXECUTE_DISABLE = FirstStageEntry.XD.mask();
  private static final long ACCESSED = FirstStageEntry.A.mask();
  private static final long DIRTY = FirstStageEntry.D.mask();
  private static final long EXTENDED_ACCESSED = FirstStageEntry.EA.mask();
  private static final int DEEPEST = 5;

  private final EntryReader reader;
  private final SecondStageWalker second;
  private final long aboveHost;
  private final int hostWidth;
  private final boolean levelByLevel;
  private final boolean updatesUnsnooped;
  private final boolean losesDirty;
  private final boolean widthOfSecond;
  private final boolean executeDisableIgnored;
  private final boolean allOnesUnreadable;

  /** Bits that must be zero, by level * 2 + PS. */
  private final long[] reserved = new long[2 * DEEPEST + 2];

  // The entries of the present walk, by level: where they are, as the guest and the host see it.
  private final long[] guestAddresses = new long[DEEPEST + 1];
  private final long[] hostAddresses = new long[DEEPEST + 1];
  private final long[] entries = new long[DEEPEST + 1];

  // Where the next walk starts, if not at the top; and what this one passed, by level.
  private int resumeLevel;
  private long resumeAt;
  private final long[] passed = new long[DEEPEST + 1];
  private int firstLevel;
  private int leaf;

  private long output;
  private int level;
  private int rights;
  private int cacheable;

  public FirstStageWalker(
      UnitConfiguration configuration, EntryReader reader, SecondStageWalker second) {
    this.reader = reader;
    this.second = second;
    Capabilities capabilities = configuration.capabilities();
    hostWidth = capabilities.hostAddressWidth();
    aboveHost = ADDRESS & -1L << hostWidth;
    levelByLevel = configuration.has(Quirk.FIRST_STAGE_CHECKED_LEVEL_BY_LEVEL);
    updatesUnsnooped = configuration.has(Quirk.FIRST_STAGE_UPDATES_NEED_NO_SNOOP);
    losesDirty = configuration.has(Quirk.DIRTY_BIT_MAY_BE_LOST);
    widthOfSecond = configuration.has(Quirk.CANONICAL_CHECK_BY_SECOND_STAGE_WIDTH);
    executeDisableIgnored = configuration.has(Quirk.EXECUTE_DISABLE_IS_IGNORED);
    allOnesUnreadable = configuration.has(Quirk.ALL_ONES_ENTRY_IS_UNREADABLE);
    boolean gigabytes =
        capabilities.has(CapabilityLayout.FS1GP)
            || configuration.has(Quirk.FIRST_STAGE_GIGABYTE_PAGES_ALWAYS);
    for (int at = 1; at <= DEEPEST; at++) {
      for (int page = 0; page <= 1; page++) {
        long mask = FirstStageEntry.of(at, page * PAGE).reservedMask(0, Set.of());
        boolean unsupported = at == 3 && page == 1 && !gigabytes;
        reserved[at * 2 + page] = mask | (unsupported ? PAGE : 0);
      }
    }
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

  /** The rights a cached entry may grant: no writes before the dirty bit is set. */
  int cacheable() {
    return cacheable;
  }

  /** Translates the request's address; null if it succeeded. */
  @Nullable FaultReason walk(Request request, Binding binding) {
    int unused = 64 - width(binding);
    if (request.address << unused >> unused != request.address) {
      return failed(request, "Canonical address", FaultReason.NOT_CANONICAL);
    }
    boolean nested = binding.kind == Binding.Kind.NESTED;
    long everywhere = WRITABLE | USER;
    boolean executeDisabled = false;
    long table = binding.firstRoot;
    int at = binding.firstLevels;
    if (resumeLevel != 0) {
      table = resumeAt & ADDRESS;
      everywhere = ((resumeAt & Rights.WRITE) != 0 ? WRITABLE : 0) | userBit(resumeAt);
      executeDisabled = (resumeAt & Rights.EXECUTE) == 0;
      at = resumeLevel;
      resumeLevel = 0;
    }
    firstLevel = at;
    Arrays.fill(passed, 0);
    while (true) {
      FaultReason reason = locate(request, binding, table, at, nested);
      if (reason == null) {
        reason = read(request, binding, at, nested);
      }
      if (reason != null) {
        return reason;
      }
      if (levelByLevel) {
        reason = settle(request, binding, at);
        if (reason != null) {
          return reason;
        }
      }
      long entry = entries[at];
      everywhere &= entry;
      executeDisabled |= binding.executeDisable && (entry & EXECUTE_DISABLE) != 0;
      if (at == 1 || (entry & PAGE) != 0) {
        break;
      }
      note(request, at, null, everywhere);
      table = entry & ADDRESS;
      passed[at] = table | rightsOf(everywhere, executeDisabled);
      at--;
    }
    leaf = at;
    int granted = granted(binding, everywhere, executeDisabled);
    FaultReason reason = denied(request, everywhere, granted);
    note(request, at, reason, everywhere);
    if (reason == null && !request.probing && !levelByLevel) {
      reason = update(request, binding, at);
    }
    if (reason != null) {
      return reason;
    }
    boolean dirty = losesDirty || (entries[at] & DIRTY) != 0;
    return finish(request, binding, at, granted, dirty, nested);
  }

  /** Address bits of the input; the topmost one is the sign. */
  private int width(Binding binding) {
    return widthOfSecond
        ? Math.min(12 + 9 * binding.secondLevels, hostWidth)
        : 12 + 9 * binding.firstLevels;
  }

  /** Where each entry is judged before the next is read: marks this one as used. */
  private @Nullable FaultReason settle(Request request, Binding binding, int at) {
    boolean page = at == 1 || (entries[at] & PAGE) != 0;
    return request.probing
        ? null
        : mark(request, binding, at, page && request.writes() ? ACCESSED | DIRTY : ACCESSED);
  }

  /** What a passed entry leaves of the rights, as {@link Rights} of a cache line. */
  private static int rightsOf(long everywhere, boolean executeDisabled) {
    return Rights.READ
        | ((everywhere & WRITABLE) != 0 ? Rights.WRITE : 0)
        | ((everywhere & USER) != 0 ? Rights.USER : 0)
        | (executeDisabled ? 0 : Rights.EXECUTE);
  }

  private static long userBit(long rights) {
    return (rights & Rights.USER) != 0 ? USER : 0;
  }

  /** Lets the next walk start at a lower table, given as {@link #passed} gave it. */
  void resume(int atLevel, long tableAndRights) {
    resumeLevel = atLevel;
    resumeAt = tableAndRights;
  }

  /** The level the last walk started at. */
  int firstLevel() {
    return firstLevel;
  }

  /** The level of the last walk's leaf, as the first stage has it. */
  int leaf() {
    return leaf;
  }

  /** Next table and rights left behind an entry the last walk passed; zero for others. */
  long passed(int at) {
    return passed[at];
  }

  private static @Nullable FaultReason failed(Request request, String title, FaultReason reason) {
    if (request.recorder != null) {
      request.recorder.failed(Stage.FIRST_STAGE, title, reason);
    }
    return reason;
  }

  /** Finds the host address of an entry. */
  private @Nullable FaultReason locate(
      Request request, Binding binding, long table, int at, boolean nested) {
    long address = table + ((request.address >>> 9 * at + 3 & 511) << 3);
    guestAddresses[at] = address;
    hostAddresses[at] = address;
    if (!nested) {
      return null;
    }
    if ((address & binding.secondBeyond) != 0) {
      return failed(request, "Table address", FaultReason.FIRST_STAGE_TABLE_BEYOND_SECOND);
    }
    serve(request, at);
    FaultReason reason = second.walk(request, binding, address, Rights.READ, Reasons.SCALABLE);
    hostAddresses[at] = second.output();
    boolean top = at == binding.firstLevels;
    return tableDenial(
        reason, top ? FaultReason.TOP_TABLE_READ_DENIED : FaultReason.LOWER_TABLE_READ_DENIED);
  }

  /** A right the second stage does not give on a first-stage table has a reason of its own. */
  private static @Nullable FaultReason tableDenial(
      @Nullable FaultReason reason, FaultReason instead) {
    if (reason == null) {
      return null;
    }
    return switch (reason) {
      case SECOND_STAGE_NOT_PRESENT, SCALABLE_READ_DENIED, SCALABLE_WRITE_DENIED -> instead;
      default -> reason;
    };
  }

  private static void serve(Request request, int at) {
    if (request.recorder != null) {
      request.recorder.serve(at);
    }
  }

  private @Nullable FaultReason read(Request request, Binding binding, int at, boolean nested) {
    boolean readable = reader.read(hostAddresses[at]);
    entries[at] = reader.entry();
    readable &= !(allOnesUnreadable && entries[at] == -1L);
    FaultReason reason = null;
    if (!readable) {
      reason =
          at == binding.firstLevels
              ? FaultReason.FIRST_STAGE_TOP_UNREADABLE
              : FaultReason.FIRST_STAGE_UNREADABLE;
    } else if ((entries[at] & PRESENT) == 0) {
      reason = FaultReason.FIRST_STAGE_NOT_PRESENT;
    } else if (levelByLevel && denialHere(request, entries[at]) != null) {
      reason = denialHere(request, entries[at]);
    } else if (hasReserved(binding, entries[at], at, nested)) {
      reason = FaultReason.FIRST_STAGE_RESERVED;
    }
    if (reason != null) {
      note(request, at, reason, 0);
    }
    return reason;
  }

  private static @Nullable FaultReason denialHere(Request request, long entry) {
    if ((entry & USER) == 0) {
      return FaultReason.USER_DENIED;
    }
    return request.writes() && (entry & WRITABLE) == 0 ? FaultReason.SCALABLE_WRITE_DENIED : null;
  }

  private boolean hasReserved(Binding binding, long entry, int at, boolean nested) {
    long mask = reserved[at * 2 + (int) (entry >>> 7 & 1)];
    mask |= nested ? ADDRESS & binding.secondBeyond : aboveHost;
    mask |= binding.executeDisable || executeDisableIgnored ? 0 : EXECUTE_DISABLE;
    return (entry & mask) != 0;
  }

  /** Bits that must be zero in an entry of that level with or without PS, but for XD. */
  long reserved(int at, int page, boolean nested) {
    return reserved[at * 2 + page] & ~EXECUTE_DISABLE | (nested ? 0 : aboveHost);
  }

  /**
   * What a cached translation may grant whose other entries take no right away: no writes before
   * the dirty bit is set.
   */
  static int cacheable(Binding binding, long leafEntry) {
    boolean disabled = binding.executeDisable && (leafEntry & EXECUTE_DISABLE) != 0;
    int granted = granted(binding, leafEntry, disabled);
    return (leafEntry & DIRTY) != 0 ? granted : granted & ~(Rights.WRITE | Rights.PRIVILEGED_WRITE);
  }

  /** Tells whether nothing but the architecture decides what this walker accepts. */
  public boolean isPlain() {
    return !levelByLevel && !losesDirty && !widthOfSecond && !executeDisableIgnored;
  }

  private static int granted(Binding binding, long everywhere, boolean executeDisabled) {
    boolean user = (everywhere & USER) != 0;
    boolean writable = (everywhere & WRITABLE) != 0;
    boolean supervisorExecutes = !(binding.supervisorExecuteProtect && user);
    int granted = Rights.READ;
    granted |= user ? Rights.USER : 0;
    granted |= writable && user ? Rights.WRITE : 0;
    granted |= writable || !binding.writeProtect ? Rights.PRIVILEGED_WRITE : 0;
    granted |= user && !executeDisabled ? Rights.EXECUTE : 0;
    granted |= supervisorExecutes && !executeDisabled ? Rights.PRIVILEGED_EXECUTE : 0;
    return granted;
  }

  private static @Nullable FaultReason denied(Request request, long everywhere, int granted) {
    if (!request.privileged && (everywhere & USER) == 0) {
      return FaultReason.USER_DENIED;
    }
    int execute = request.privileged ? Rights.PRIVILEGED_EXECUTE : Rights.EXECUTE;
    if (request.executes() && (granted & execute) == 0) {
      return FaultReason.EXECUTE_DENIED;
    }
    int write = request.privileged ? Rights.PRIVILEGED_WRITE : Rights.WRITE;
    return request.writes() && (granted & write) == 0 ? FaultReason.SCALABLE_WRITE_DENIED : null;
  }

  /** Sets accessed bits on the whole way and the dirty bit of the leaf. */
  private @Nullable FaultReason update(Request request, Binding binding, int leafLevel) {
    for (int at = firstLevel; at >= leafLevel; at--) {
      long wanted = ACCESSED;
      wanted |= binding.extendedAccessed ? EXTENDED_ACCESSED : 0;
      wanted |= at == leafLevel && request.writes() ? DIRTY : 0;
      FaultReason reason = mark(request, binding, at, wanted);
      if (reason != null) {
        return reason;
      }
    }
    return null;
  }

  /** Sets bits in one entry of the way. */
  private @Nullable FaultReason mark(Request request, Binding binding, int at, long bits) {
    boolean marked = losesDirty ? (entries[at] & bits) != 0 : (entries[at] & bits) == bits;
    if (marked) {
      return null;
    }
    if (!binding.walksSnoop && !updatesUnsnooped) {
      return failed(request, "Snoop", FaultReason.FIRST_STAGE_UPDATE_NOT_SNOOPED);
    }
    boolean nested = binding.kind == Binding.Kind.NESTED;
    FaultReason reason = nested ? protectsTable(request, binding, at) : null;
    if (reason != null) {
      return failed(request, "Table update", reason);
    }
    if (!reader.update(hostAddresses[at], entries[at] | bits)) {
      return failed(request, "Table update", FaultReason.FIRST_STAGE_UPDATE_FAILED);
    }
    entries[at] |= bits;
    return null;
  }

  private @Nullable FaultReason protectsTable(Request request, Binding binding, int at) {
    serve(request, at);
    return tableDenial(
        second.walk(request, binding, guestAddresses[at], Rights.WRITE, Reasons.SCALABLE),
        FaultReason.TABLE_UPDATE_DENIED);
  }

  private @Nullable FaultReason finish(
      Request request, Binding binding, int at, int granted, boolean dirty, boolean nested) {
    long offset = (1L << 9 * at + 3) - 1;
    output = entries[at] & ADDRESS & ~offset | request.address & offset;
    level = at;
    rights = granted;
    cacheable = dirty ? granted : granted & ~(Rights.WRITE | Rights.PRIVILEGED_WRITE);
    if (!nested) {
      return null;
    }
    serve(request, 0);
    FaultReason reason = second.walk(request, binding, output, request.need, Reasons.SCALABLE);
    output = second.output();
    level = Math.min(level, second.level());
    rights &= second.rights();
    cacheable &= second.cacheable();
    serve(request, PathRecorder.NO_PARENT);
    return reason;
  }

  private void note(Request request, int at, @Nullable FaultReason reason, long everywhere) {
    PathRecorder recorder = request.recorder;
    if (recorder == null) {
      return;
    }
    long entry = entries[at];
    boolean page = at == 1 || (entry & PAGE) != 0;
    boolean narrow = (everywhere & (WRITABLE | USER)) != (WRITABLE | USER);
    String text = "R" + ((everywhere & WRITABLE) != 0 ? " W" : "");
    recorder.entry(
        Stage.FIRST_STAGE,
        at,
        hostAddresses[at],
        entry,
        FirstStageEntry.of(at, entry),
        reason != null ? Outcome.FAULT : narrow ? Outcome.NARROWED : Outcome.OK,
        reason,
        fact("rights", text + ((everywhere & USER) != 0 ? " U" : "")),
        hex(page ? "frame" : "next table", entry & ADDRESS));
  }
}

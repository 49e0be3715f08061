package org.iommulab.evidence.casefile;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.iommulab.bits.Field;
import org.iommulab.evidence.Snapshot;
import org.iommulab.evidence.log.KernelLog;
import org.iommulab.evidence.log.LogUnit;
import org.iommulab.vtd.layout.Register;
import org.iommulab.vtd.layout.RegisterLayouts;
import org.iommulab.vtd.tables.ContextNode;
import org.iommulab.vtd.tables.IrteNode;
import org.iommulab.vtd.tables.MappedRange;
import org.iommulab.vtd.tables.PasidNode;
import org.iommulab.vtd.tables.TableUse;
import org.iommulab.words.Bilingual;

/** What differs between two cases: structure by structure, not text by text. */
public final class Comparison {

  private static final int MOST = 10_000;
  private static final Bilingual NONE = Bilingual.same("");

  private final List<Change> changes = new ArrayList<>();

  /** The unit, where there are several, with a blank behind. */
  private String place = "";

  /** The dump or log, where a case has several, with a blank behind. */
  private String file = "";

  private Comparison() {}

  /** How something differs. */
  public enum Kind {
    ADDED("+"),
    REMOVED("-"),
    CHANGED("~");

    private final String mark;

    Kind(String mark) {
      this.mark = mark;
    }

    /** One letter for a terminal. */
    public String mark() {
      return mark;
    }
  }

  /** What differs. */
  public enum What {
    REGISTER("register", "寄存器"),
    CONTEXT("context", "上下文条目"),
    PASID("pasid", "PASID 条目"),
    RANGE("range", "区间"),
    INTERRUPT("interrupt", "中断条目"),
    UNIT("unit", "单元"),
    MESSAGE("message", "消息"),
    FAULT("fault", "故障"),
    SNAPSHOT("snapshot", "快照"),
    LOG("log", "日志");

    private final Bilingual words;

    What(String english, String chinese) {
      words = new Bilingual(english, chinese);
    }

    /** One word for a terminal. */
    public Bilingual words() {
      return words;
    }
  }

  /**
   * One difference.
   *
   * @param kind how
   * @param what it is
   * @param where its name, with those of its file and its unit before it where there are several
   * @param before as it was, empty if it was not there
   * @param after as it is, empty if it is gone
   */
  public record Change(Kind kind, What what, String where, Bilingual before, Bilingual after) {

    /** One line for a terminal. */
    public String line(boolean chinese) {
      String old = before.in(chinese);
      String now = after.in(chinese);
      String text = old.isEmpty() ? now : now.isEmpty() ? old : old + "  =>  " + now;
      return kind.mark() + " " + what.words().in(chinese) + " " + where + "  " + text;
    }
  }

  /** Everything that differs, in the order registers, entries, ranges, interrupts, logs. */
  public static List<Change> of(Case before, Case after) {
    var comparison = new Comparison();
    if (!before.snapshots().isEmpty() && !after.snapshots().isEmpty()) {
      comparison.pairs(
          What.SNAPSHOT,
          named(before.snapshots(), Snapshot::source),
          named(after.snapshots(), Snapshot::source),
          comparison::moments,
          snapshot -> new Bilingual("is there", "存在"));
    }
    if (!before.logs().isEmpty() && !after.logs().isEmpty()) {
      comparison.pairs(
          What.LOG,
          named(before.logs(), KernelLog::name),
          named(after.logs(), KernelLog::name),
          comparison::logs,
          log -> Bilingual.of("faults: %d", "故障：%d", log.faultCount()));
    }
    return List.copyOf(comparison.changes);
  }

  private static <T> Map<String, T> named(List<T> all, Function<T, String> name) {
    var named = new LinkedHashMap<String, T>();
    all.forEach(one -> named.putIfAbsent(name.apply(one), one));
    return named;
  }

  /**
   * Compares what has one name in both; what is left over is one thing under two names if it is one
   * on each side, and otherwise was added or removed.
   */
  private <T> void pairs(
      What what,
      Map<String, T> before,
      Map<String, T> after,
      BiConsumer<T, T> compare,
      Function<T, Bilingual> words) {
    var gone = new LinkedHashMap<>(before);
    gone.keySet().removeAll(after.keySet());
    var come = new LinkedHashMap<>(after);
    come.keySet().removeAll(before.keySet());
    boolean several = before.size() > 1 || after.size() > 1;
    before.forEach(
        (name, old) -> {
          T now = after.get(name);
          if (now != null) {
            file = several ? name + " " : "";
            compare.accept(old, now);
          }
        });
    if (gone.size() == 1 && come.size() == 1) {
      String name = gone.keySet().iterator().next() + " / " + come.keySet().iterator().next();
      file = several ? name + " " : "";
      compare.accept(gone.values().iterator().next(), come.values().iterator().next());
      file = "";
      return;
    }
    file = "";
    gone.forEach((name, old) -> add(Kind.REMOVED, what, name, words.apply(old), NONE));
    come.forEach((name, now) -> add(Kind.ADDED, what, name, NONE, words.apply(now)));
  }

  /** What differs between two moments of a machine, unit by unit. */
  public static List<Change> of(Snapshot before, Snapshot after) {
    var comparison = new Comparison();
    comparison.moments(before, after);
    return List.copyOf(comparison.changes);
  }

  private void moments(Snapshot before, Snapshot after) {
    Map<String, Snapshot> old = units(before);
    Map<String, Snapshot> now = units(after);
    boolean several = old.size() > 1 || now.size() > 1;
    if (!several) {
      snapshots(before, after);
      return;
    }
    var alone = new LinkedHashMap<>(old);
    alone.keySet().removeAll(now.keySet());
    alone.forEach((name, unit) -> add(Kind.REMOVED, What.UNIT, name, base(unit), NONE));
    now.forEach(
        (name, unit) -> {
          Snapshot earlier = old.get(name);
          if (earlier == null) {
            add(Kind.ADDED, What.UNIT, name, NONE, base(unit));
          } else {
            place = name + " ";
            snapshots(earlier, unit);
            place = "";
          }
        });
  }

  /** Each unit in front once, by its name. */
  private static Map<String, Snapshot> units(Snapshot snapshot) {
    var units = new LinkedHashMap<String, Snapshot>();
    for (int unit = 0; unit < snapshot.units().size(); unit++) {
      Snapshot front = snapshot.ofUnit(unit);
      units.put(front.unit().name(), front);
    }
    return units;
  }

  private static Bilingual base(Snapshot snapshot) {
    return snapshot
        .registerBase()
        .map(base -> Bilingual.of("at %s", "位于 %s", hex(base)))
        .orElse(new Bilingual("is there", "存在"));
  }

  private void snapshots(Snapshot before, Snapshot after) {
    registers(before, after);
    differ(What.CONTEXT, contexts(before), contexts(after));
    differ(What.PASID, pasids(before), pasids(after));
    ranges(before, after);
    differ(What.INTERRUPT, interrupts(before), interrupts(after));
  }

  private void add(Kind kind, What what, String where, Bilingual before, Bilingual after) {
    if (changes.size() < MOST) {
      changes.add(new Change(kind, what, file + place + where, before, after));
    }
  }

  private void differ(What what, Map<String, Bilingual> before, Map<String, Bilingual> after) {
    var names = new TreeSet<String>(before.keySet());
    names.addAll(after.keySet());
    for (String name : names) {
      Bilingual old = before.get(name);
      Bilingual now = after.get(name);
      if (old == null) {
        add(Kind.ADDED, what, name, NONE, Objects.requireNonNullElse(now, NONE));
      } else if (now == null) {
        add(Kind.REMOVED, what, name, old, NONE);
      } else if (!old.equals(now)) {
        add(Kind.CHANGED, what, name, old, now);
      }
    }
  }

  private void registers(Snapshot before, Snapshot after) {
    long cap = before.registers().cap();
    long ecap = before.registers().ecap();
    for (Register register : RegisterLayouts.all()) {
      int offset = register.offset(cap, ecap);
      int bytes = Math.min(register.bytes(), 8);
      long old = before.registers().read(offset, bytes);
      long now = after.registers().read(offset, bytes);
      if (old != now && register.bytes() <= 8) {
        add(
            Kind.CHANGED,
            What.REGISTER,
            register.name() + bits(register, old, now),
            Bilingual.same(hex(old)),
            Bilingual.same(hex(now)));
      }
    }
  }

  /** Names of the fields that differ. */
  private static String bits(Register register, long old, long now) {
    var names = new ArrayList<String>();
    for (Field field : register.layout().fields()) {
      boolean named = field.kind() != Field.Kind.RESERVED && field.kind() != Field.Kind.IGNORED;
      if (named && field.quadword() == 0 && field.get(old) != field.get(now)) {
        names.add(field.name());
      }
    }
    return names.isEmpty() ? "" : " (" + String.join(", ", names) + ")";
  }

  private static String hex(long... values) {
    var text = new StringBuilder();
    for (long value : values) {
      text.append(text.isEmpty() ? "" : " ").append("0x").append(Long.toHexString(value));
    }
    return text.toString();
  }

  private static Map<String, Bilingual> contexts(Snapshot snapshot) {
    var entries = new LinkedHashMap<String, Bilingual>();
    for (ContextNode context : snapshot.tables().contexts()) {
      entries.put(context.source().toString(), Bilingual.same(hex(context.quadwords())));
    }
    return entries;
  }

  private static Map<String, Bilingual> pasids(Snapshot snapshot) {
    var entries = new LinkedHashMap<String, Bilingual>();
    for (PasidNode pasid : snapshot.tables().pasids()) {
      entries.put(pasid.source() + " " + pasid.pasid(), Bilingual.same(hex(pasid.quadwords())));
    }
    return entries;
  }

  private static Map<String, Bilingual> interrupts(Snapshot snapshot) {
    var entries = new LinkedHashMap<String, Bilingual>();
    for (IrteNode entry : snapshot.tables().irtes()) {
      entries.put(
          String.format(Locale.ROOT, "%5d", entry.index()),
          Bilingual.same(hex(entry.hi(), entry.lo())));
    }
    return entries;
  }

  private void ranges(Snapshot before, Snapshot after) {
    Map<String, List<MappedRange>> old = ranges(before);
    Map<String, List<MappedRange>> now = ranges(after);
    var names = new TreeSet<String>(old.keySet());
    names.addAll(now.keySet());
    for (String name : names) {
      differ(
          What.RANGE,
          texts(name, old.getOrDefault(name, List.of())),
          texts(name, now.getOrDefault(name, List.of())));
    }
  }

  private static Map<String, List<MappedRange>> ranges(Snapshot snapshot) {
    var ranges = new TreeMap<String, List<MappedRange>>();
    for (TableUse use : snapshot.tables().uses()) {
      if (!use.guestPointers()) {
        String name =
            use.pasid().value() > 0 ? use.source() + " PASID " + use.pasid() : "" + use.source();
        ranges.put(name, snapshot.tables().table(use.table()).ranges());
      }
    }
    return ranges;
  }

  private static Map<String, Bilingual> texts(String who, List<MappedRange> ranges) {
    var texts = new LinkedHashMap<String, Bilingual>();
    for (MappedRange range : ranges) {
      texts.put(
          who + String.format(Locale.ROOT, " 0x%012x", range.iova()),
          Bilingual.of(
              "0x%x bytes -> 0x%x %s %s",
              "0x%x 字节 -> 0x%x %s %s",
              range.size(),
              range.physical(),
              range.rights(),
              range.pageName()));
    }
    return texts;
  }

  private void logs(KernelLog before, KernelLog after) {
    differ(What.UNIT, units(before), units(after));
    differ(What.MESSAGE, messages(before), messages(after));
    differ(What.FAULT, faults(before), faults(after));
  }

  private static Map<String, Bilingual> units(KernelLog log) {
    var units = new LinkedHashMap<String, Bilingual>();
    for (LogUnit unit : log.units()) {
      Long cap = unit.cap();
      Long ecap = unit.ecap();
      units.put(
          hex(unit.base()),
          Bilingual.same(
              unit.name()
                  + (cap == null || ecap == null
                      ? ""
                      : " cap " + hex(cap) + " ecap " + hex(ecap))));
    }
    return units;
  }

  /** What the kernel settles is named by its own words. */
  private static Map<String, Bilingual> messages(KernelLog log) {
    var messages = new LinkedHashMap<String, Bilingual>();
    log.messages().forEach(word -> messages.put(word, new Bilingual("said", "出现")));
    log.interruptMode().ifPresent(mode -> messages.put("IRQ remapping", Bilingual.same(mode)));
    log.domainType().ifPresent(type -> messages.put("Default domain type", Bilingual.same(type)));
    log.flushPolicy()
        .ifPresent(policy -> messages.put("TLB invalidation policy", Bilingual.same(policy)));
    return messages;
  }

  private static Map<String, Bilingual> faults(KernelLog log) {
    var counts = new LinkedHashMap<String, Long>();
    log.tallies()
        .forEach(
            tally -> {
              Integer code = tally.first().reason().code();
              String name =
                  tally.first().kind().word()
                      + " "
                      + tally.first().requester()
                      + (code == null ? "" : String.format(Locale.ROOT, " 0x%02x", code));
              counts.merge(name, tally.count(), Long::sum);
            });
    var texts = new LinkedHashMap<String, Bilingual>();
    counts.forEach((name, count) -> texts.put(name, Bilingual.of("%d times", "%d 次", count)));
    return texts;
  }
}

package org.iommulab.evidence.inspection;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.iommulab.bus.Pasid;
import org.iommulab.bus.SourceId;
import org.iommulab.evidence.Snapshot;
import org.iommulab.vtd.layout.PasidEntry;
import org.iommulab.vtd.tables.ContextNode;
import org.iommulab.vtd.tables.Mode;
import org.iommulab.vtd.tables.PageTable;
import org.iommulab.vtd.tables.PasidNode;
import org.iommulab.vtd.tables.RootNode;
import org.iommulab.vtd.tables.TableBrowser;
import org.iommulab.vtd.tables.TableKey;
import org.iommulab.vtd.tables.TableNode;
import org.iommulab.vtd.tables.TableRow;
import org.iommulab.words.Bilingual;

/** Tells in plain text how one address of one requester is translated by the tables of a dump. */
public final class WalkReport {

  private static final Codes LEGACY =
      new Codes(Bilingual.of("05h for a write, 06h for a read", "写为 05h，读为 06h"), "04h", "0Ch");
  private static final Codes SECOND_STAGE = new Codes(Bilingual.same("79h"), "84h", "7Ah");
  private static final Codes FIRST_STAGE = new Codes(Bilingual.same("71h"), "80h", "72h");

  /**
   * Fault reasons of one kind of walk.
   *
   * @param absent nothing is mapped
   * @param beyond the address is too wide or not canonical
   * @param reserved reserved bits are set
   */
  private record Codes(Bilingual absent, String beyond, String reserved) {}

  private final TableBrowser tables;
  private final SourceId source;
  private final Pasid pasid;
  private final long iova;
  private final StringBuilder text = new StringBuilder();
  private final StringBuilder chinese = new StringBuilder();
  private String lastName = "";
  private long lastAddress = -1;
  private Bilingual lastMeaning = Bilingual.same("");
  private Bilingual sentence = Bilingual.same("");

  private WalkReport(TableBrowser tables, SourceId source, Pasid pasid, long iova) {
    this.tables = tables;
    this.source = source;
    this.pasid = pasid;
    this.iova = iova;
  }

  /**
   * Where a walk ends.
   *
   * @param reached false if the request is blocked, or if the dump does not hold the way
   * @param entry name of the last entry read, such as {@code PD[3]}; empty if none was
   * @param address of that entry, or -1
   * @param meaning of that entry
   * @param sentence how it ends
   */
  public record End(
      boolean reached, String entry, long address, Bilingual meaning, Bilingual sentence) {

    /** The entry that decides, short. */
    public Bilingual words() {
      return entry.isEmpty()
          ? sentence
          : new Bilingual(shortened(meaning.english()), shortened(meaning.chinese()));
    }

    private String shortened(String words) {
      return (entry + " " + words).strip().replaceAll(" +", " ");
    }
  }

  /**
   * The last entry on the way, and how it ends.
   *
   * @param pasid of the request
   */
  public static End end(TableBrowser tables, SourceId source, Pasid pasid, long iova) {
    var report = new WalkReport(tables, source, pasid, iova);
    report.start();
    boolean reached =
        !report.sentence.english().startsWith("blocked")
            && !report.sentence.english().startsWith("unknown");
    return new End(
        reached, report.lastName, report.lastAddress, report.lastMeaning, report.sentence);
  }

  /** Every entry on the way, and where it ends. */
  public static String of(Snapshot snapshot, SourceId source, long iova) {
    return of(snapshot.tables(), source, iova);
  }

  /** The same for any tables. */
  public static String of(TableBrowser tables, SourceId source, long iova) {
    return of(tables, source, Pasid.NONE, iova);
  }

  /**
   * The same for a request with a PASID.
   *
   * @param pasid of the request
   */
  public static String of(TableBrowser tables, SourceId source, Pasid pasid, long iova) {
    return inBoth(tables, source, pasid, iova).english();
  }

  /** The same in both languages. */
  public static Bilingual inBoth(TableBrowser tables, SourceId source, Pasid pasid, long iova) {
    var report = new WalkReport(tables, source, pasid, iova);
    String who = pasid.isNone() ? source.toString() : source + " PASID " + pasid;
    report.line(Bilingual.of("%s reads or writes at 0x%x", "%s 读写 0x%x", who, iova));
    report.start();
    return new Bilingual(report.text.toString(), report.chinese.toString());
  }

  private void line(Bilingual line) {
    text.append(line.english().stripTrailing()).append(System.lineSeparator());
    chinese.append(line.chinese().stripTrailing()).append(System.lineSeparator());
  }

  private void entry(String name, long address, String raw, Bilingual meaning) {
    lastName = name.strip();
    lastAddress = address;
    lastMeaning = meaning;
    line(
        Bilingual.of(
            "  %-12s at 0x%-12x %s  %s", "  %-12s 位于 0x%-12x %s  %s", name, address, raw, meaning));
  }

  private void result(String english, String other, Object... arguments) {
    sentence = Bilingual.of(english, other, arguments);
    line(Bilingual.of("=> %s", "=> %s", sentence));
  }

  private static String hex(long... quadwords) {
    var text = new StringBuilder();
    for (long quadword : quadwords) {
      text.append(text.isEmpty() ? "" : " ").append(String.format(Locale.ROOT, "%016x", quadword));
    }
    return text.toString();
  }

  private void start() {
    if (!tables.translationEnabled()) {
      result(
          "0x%x: translation is off (GSTS.TES = 0), the address is used as it is.",
          "0x%x：转换关闭（GSTS.TES = 0），地址原样使用。", iova);
      return;
    }
    if (tables.mode() == Mode.ABORT) {
      result(
          "blocked: the unit aborts all DMA (RTADDR.TTM = 3).", "被拦截：单元中止全部 DMA（RTADDR.TTM = 3）。");
      return;
    }
    Optional<RootNode> root =
        tables.roots().stream().filter(node -> node.bus() == source.bus()).findFirst();
    if (root.isEmpty()) {
      String code = tables.mode() == Mode.SCALABLE ? "39h" : "01h";
      result(
          "blocked: the root table has no entry for bus %02x (fault %s).",
          "被拦截：根表中没有总线 %02x 的表项（故障 %s）。", source.bus(), code);
      return;
    }
    entry("root", root.get().address(), hex(root.get().lo(), root.get().hi()), Bilingual.same(""));
    Optional<ContextNode> context = tables.context(source);
    if (context.isEmpty()) {
      String code = tables.mode() == Mode.SCALABLE ? "41h" : "02h";
      result(
          "blocked: there is no context entry for %s (fault %s).",
          "被拦截：没有 %s 的上下文表项（故障 %s）。", source, code);
      return;
    }
    switch (context.get()) {
      case ContextNode.Legacy legacy -> legacy(legacy);
      case ContextNode.Scalable scalable -> scalable(scalable);
    }
  }

  private void legacy(ContextNode.Legacy context) {
    entry(
        "context",
        context.address(),
        hex(context.quadwords()),
        Bilingual.of(
            "domain %d, %s",
            "域 %d，%s",
            context.domainId(),
            named(ContextSection.typeName(context.translationType()))));
    if (!context.present()) {
      result("blocked: the context entry is not present (fault 02h).", "被拦截：上下文表项不存在（故障 02h）。");
    } else if (context.translationType() == 2) {
      result("0x%x: the address passes through.", "0x%x：地址直通。", iova);
    } else if (context.table().isEmpty()) {
      result(
          "blocked: the context entry asks for what does not exist (fault 03h).",
          "被拦截：上下文表项要求的功能不存在（故障 03h）。");
    } else {
      walk(tables.table(context.table().get()), LEGACY);
    }
  }

  private void scalable(ContextNode.Scalable context) {
    entry(
        "context",
        context.address(),
        hex(context.quadwords()),
        Bilingual.of(
            "PASID %d for requests without one", "不带 PASID 的请求用 %d", context.ridPasid().value()));
    if (!context.present()) {
      result("blocked: the context entry is not present (fault 41h).", "被拦截：上下文表项不存在（故障 41h）。");
      return;
    }
    Pasid wanted = pasid.isNone() ? context.ridPasid() : pasid;
    Optional<PasidNode> entry = tables.pasid(context, wanted);
    if (entry.isEmpty()) {
      result(
          "blocked: there is no PASID entry %d (fault 51h or 59h).",
          "被拦截：没有 PASID 表项 %d（故障 51h 或 59h）。", wanted.value());
      return;
    }
    pasid(entry.get());
  }

  private void pasid(PasidNode pasid) {
    long[] quadwords = pasid.quadwords();
    entry(
        "pasid " + pasid.pasid(),
        pasid.address(),
        hex(quadwords[0], quadwords[1], quadwords[2]),
        Bilingual.of(
            "domain %d, %s",
            "域 %d，%s", pasid.domainId(), named(ContextSection.stageName(pasid.translationType()))));
    if (!pasid.present()) {
      result("blocked: the PASID entry is not present (fault 59h).", "被拦截：PASID 表项不存在（故障 59h）。");
    } else if (pasid.translationType() == PasidEntry.PASS_THROUGH) {
      result("0x%x: the address passes through.", "0x%x：地址直通。", iova);
    } else if (pasid.isNested()) {
      nested(pasid);
    } else {
      Optional<TableKey> key = pasid.secondStage().or(pasid::firstStage);
      if (key.isEmpty()) {
        result(
            "blocked: the PASID entry asks for what does not exist (fault 5Bh).",
            "被拦截：PASID 表项要求的功能不存在（故障 5Bh）。");
      } else {
        boolean second = key.get().stage() == TableKey.Stage.SECOND;
        walk(tables.table(key.get()), second ? SECOND_STAGE : FIRST_STAGE);
      }
    }
  }

  private void nested(PasidNode pasid) {
    Optional<TableKey> first = pasid.firstStage();
    Optional<TableKey> second = pasid.secondStage();
    if (first.isEmpty() || second.isEmpty()) {
      result(
          "blocked: the PASID entry asks for what does not exist (fault 5Bh).",
          "被拦截：PASID 表项要求的功能不存在（故障 5Bh）。");
      return;
    }
    line(Bilingual.of("  first stage, its tables read through the second:", "  第一级，其页表经第二级读取："));
    List<TableRow> path = path(tables.nestedTable(first.get(), second.get()), iova);
    if (path.isEmpty() || path.getLast().kind() != TableRow.Kind.LEAF) {
      result("blocked: the first stage has no page there (fault 71h).", "被拦截：第一级页表中该处没有页（故障 71h）。");
      return;
    }
    long guest = target(path.getLast(), iova);
    line(Bilingual.of("  second stage for guest address 0x%x:", "  客户机地址 0x%x 的第二级：", guest));
    finish(path(tables.table(second.get()), guest), guest, SECOND_STAGE);
  }

  private void walk(PageTable table, Codes codes) {
    if (!table.reaches(iova)) {
      result(
          "blocked: 0x%x has more than the %d bits of this table (fault %s).",
          "被拦截：0x%x 超过该页表的 %d 位（故障 %s）。", iova, table.key().inputBits(), codes.beyond());
      return;
    }
    finish(path(table, iova), iova, codes);
  }

  private List<TableRow> path(PageTable table, long address) {
    List<TableRow> path = table.path(address);
    for (TableRow row : path) {
      TableNode node = new TableNode(row.entryAddress(), row.level(), row.iova(), row.effective());
      String name = String.format(Locale.ROOT, "%s[%d]", node.entryName(), row.index());
      entry(
          name,
          row.entryAddress(),
          hex(row.raw()),
          Bilingual.of("%s  %s", "%s  %s", row.own(), meaning(row)));
    }
    return path;
  }

  private static Bilingual meaning(TableRow row) {
    return switch (row.kind()) {
      case TABLE -> Bilingual.of("table 0x%x", "页表 0x%x", row.target());
      case LEAF ->
          Bilingual.of("%s page 0x%x", "%s 页 0x%x", PageTable.sizeName(row.level()), row.target());
      case MISSING_TABLE ->
          Bilingual.of("table 0x%x, which is not in the dump", "页表 0x%x，不在转储中", row.target());
      case BROKEN -> Bilingual.of("page-size bit where none may be", "不应有的大页位");
      case ABSENT -> Bilingual.of("not present", "不存在");
    };
  }

  /** Kinds of translation as the entries name them. */
  private static Bilingual named(String english) {
    return Bilingual.of(
        english,
        switch (english) {
          case "untranslated-only" -> "仅未转换请求";
          case "translated (device TLB allowed)" -> "允许已转换请求（设备 TLB）";
          case "pass-through" -> "直通";
          case "first-stage" -> "第一级";
          case "second-stage" -> "第二级";
          case "nested" -> "嵌套";
          default -> "保留";
        });
  }

  private static long target(TableRow leaf, long address) {
    return leaf.target() + (address - leaf.iova());
  }

  private void finish(List<TableRow> path, long address, Codes codes) {
    if (path.isEmpty()) {
      result("unknown: the top table is not in the dump.", "未知：顶级页表不在转储中。");
      return;
    }
    TableRow last = path.getLast();
    switch (last.kind()) {
      case LEAF ->
          result(
              "0x%x, allowed %s, within a %s page.",
              "0x%x，允许 %s，位于 %s 页内。",
              target(last, address),
              last.effective(),
              PageTable.sizeName(last.level()));
      case ABSENT ->
          result(
              "blocked: nothing is mapped there (fault %s).", "被拦截：该处没有映射（故障 %s）。", codes.absent());
      case MISSING_TABLE -> result("unknown: the next table is not in the dump.", "未知：下一级页表不在转储中。");
      case BROKEN ->
          result(
              "blocked: the entry has reserved bits set (fault %s).",
              "被拦截：表项置了保留位（故障 %s）。", codes.reserved());
      case TABLE -> result("unknown: the next table is not in the dump.", "未知：下一级页表不在转储中。");
    }
  }
}

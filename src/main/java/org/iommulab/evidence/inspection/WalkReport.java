package org.iommulab.evidence.inspection;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
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

/** Tells in plain text how one address of one requester is translated by the tables of a dump. */
public final class WalkReport {

  private static final Codes LEGACY = new Codes("05h for a write, 06h for a read", "04h", "0Ch");
  private static final Codes SECOND_STAGE = new Codes("79h", "84h", "7Ah");
  private static final Codes FIRST_STAGE = new Codes("71h", "80h", "72h");

  /**
   * Fault reasons of one kind of walk.
   *
   * @param absent nothing is mapped
   * @param beyond the address is too wide or not canonical
   * @param reserved reserved bits are set
   */
  private record Codes(String absent, String beyond, String reserved) {}

  private final TableBrowser tables;
  private final SourceId source;
  private final int pasid;
  private final long iova;
  private final StringBuilder text = new StringBuilder();
  private String lastName = "";
  private long lastAddress = -1;
  private String lastMeaning = "";
  private String sentence = "";

  private WalkReport(TableBrowser tables, SourceId source, int pasid, long iova) {
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
  public record End(boolean reached, String entry, long address, String meaning, String sentence) {

    /** The entry that decides, short. */
    public String words() {
      return entry.isEmpty() ? sentence : (entry + " " + meaning).strip().replaceAll(" +", " ");
    }
  }

  /**
   * The last entry on the way, and how it ends.
   *
   * @param pasid of the request, or -1
   */
  public static End end(TableBrowser tables, SourceId source, int pasid, long iova) {
    var report = new WalkReport(tables, source, pasid, iova);
    report.start();
    boolean reached =
        !report.sentence.startsWith("blocked") && !report.sentence.startsWith("unknown");
    return new End(
        reached, report.lastName, report.lastAddress, report.lastMeaning, report.sentence);
  }

  /** Every entry on the way, and where it ends. */
  public static String of(Snapshot snapshot, SourceId source, long iova) {
    return of(snapshot.tables(), source, iova);
  }

  /** The same for any tables. */
  public static String of(TableBrowser tables, SourceId source, long iova) {
    return of(tables, source, -1, iova);
  }

  /**
   * The same for a request with a PASID.
   *
   * @param pasid or -1
   */
  public static String of(TableBrowser tables, SourceId source, int pasid, long iova) {
    var report = new WalkReport(tables, source, pasid, iova);
    String who = pasid < 0 ? source.toString() : source + " PASID " + pasid;
    report.line(String.format(Locale.ROOT, "%s reads or writes at 0x%x", who, iova));
    report.start();
    return report.text.toString();
  }

  private void line(String line) {
    text.append(line).append(System.lineSeparator());
  }

  private void entry(String name, long address, String raw, String meaning) {
    lastName = name.strip();
    lastAddress = address;
    lastMeaning = meaning.strip();
    line(
        String.format(Locale.ROOT, "  %-12s at 0x%-12x %s  %s", name, address, raw, meaning)
            .stripTrailing());
  }

  private void result(String words, Object... arguments) {
    sentence = String.format(Locale.ROOT, words, arguments);
    line("=> " + sentence);
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
      result("0x%x: translation is off (GSTS.TES = 0), the address is used as it is.", iova);
      return;
    }
    if (tables.mode() == Mode.ABORT) {
      result("blocked: the unit aborts all DMA (RTADDR.TTM = 3).");
      return;
    }
    Optional<RootNode> root =
        tables.roots().stream().filter(node -> node.bus() == source.bus()).findFirst();
    if (root.isEmpty()) {
      String code = tables.mode() == Mode.SCALABLE ? "39h" : "01h";
      result("blocked: the root table has no entry for bus %02x (fault %s).", source.bus(), code);
      return;
    }
    entry("root", root.get().address(), hex(root.get().lo(), root.get().hi()), "");
    Optional<ContextNode> context = tables.context(source);
    if (context.isEmpty()) {
      String code = tables.mode() == Mode.SCALABLE ? "41h" : "02h";
      result("blocked: there is no context entry for %s (fault %s).", source, code);
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
        String.format(
            Locale.ROOT,
            "domain %d, %s",
            context.domainId(),
            ContextSection.typeName(context.translationType())));
    if (!context.present()) {
      result("blocked: the context entry is not present (fault 02h).");
    } else if (context.translationType() == 2) {
      result("0x%x: the address passes through.", iova);
    } else if (context.table().isEmpty()) {
      result("blocked: the context entry asks for what does not exist (fault 03h).");
    } else {
      walk(tables.table(context.table().get()), LEGACY);
    }
  }

  private void scalable(ContextNode.Scalable context) {
    entry(
        "context",
        context.address(),
        hex(context.quadwords()),
        String.format(Locale.ROOT, "PASID %d for requests without one", context.ridPasid()));
    if (!context.present()) {
      result("blocked: the context entry is not present (fault 41h).");
      return;
    }
    int wanted = pasid < 0 ? context.ridPasid() : pasid;
    Optional<PasidNode> entry = tables.pasid(context, wanted);
    if (entry.isEmpty()) {
      result("blocked: there is no PASID entry %d (fault 51h or 59h).", wanted);
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
        String.format(
            Locale.ROOT,
            "domain %d, %s",
            pasid.domainId(),
            ContextSection.stageName(pasid.translationType())));
    if (!pasid.present()) {
      result("blocked: the PASID entry is not present (fault 59h).");
    } else if (pasid.translationType() == PasidEntry.PASS_THROUGH) {
      result("0x%x: the address passes through.", iova);
    } else if (pasid.isNested()) {
      nested(pasid);
    } else {
      Optional<TableKey> key = pasid.secondStage().or(pasid::firstStage);
      if (key.isEmpty()) {
        result("blocked: the PASID entry asks for what does not exist (fault 5Bh).");
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
      result("blocked: the PASID entry asks for what does not exist (fault 5Bh).");
      return;
    }
    line("  first stage, its tables read through the second:");
    List<TableRow> path = path(tables.nestedTable(first.get(), second.get()), iova);
    if (path.isEmpty() || path.getLast().kind() != TableRow.Kind.LEAF) {
      result("blocked: the first stage has no page there (fault 71h).");
      return;
    }
    long guest = target(path.getLast(), iova);
    line(String.format(Locale.ROOT, "  second stage for guest address 0x%x:", guest));
    finish(path(tables.table(second.get()), guest), guest, SECOND_STAGE);
  }

  private void walk(PageTable table, Codes codes) {
    if (!table.reaches(iova)) {
      result(
          "blocked: 0x%x has more than the %d bits of this table (fault %s).",
          iova, table.key().inputBits(), codes.beyond());
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
          String.format(Locale.ROOT, "%s  %s", row.own(), meaning(row)));
    }
    return path;
  }

  private static String meaning(TableRow row) {
    return switch (row.kind()) {
      case TABLE -> String.format(Locale.ROOT, "table 0x%x", row.target());
      case LEAF ->
          String.format(Locale.ROOT, "%s page 0x%x", PageTable.sizeName(row.level()), row.target());
      case MISSING_TABLE ->
          String.format(Locale.ROOT, "table 0x%x, which is not in the dump", row.target());
      case BROKEN -> "page-size bit where none may be";
      case ABSENT -> "not present";
    };
  }

  private static long target(TableRow leaf, long address) {
    return leaf.target() + (address - leaf.iova());
  }

  private void finish(List<TableRow> path, long address, Codes codes) {
    if (path.isEmpty()) {
      result("unknown: the top table is not in the dump.");
      return;
    }
    TableRow last = path.getLast();
    switch (last.kind()) {
      case LEAF ->
          result(
              "0x%x, allowed %s, within a %s page.",
              target(last, address), last.effective(), PageTable.sizeName(last.level()));
      case ABSENT -> result("blocked: nothing is mapped there (fault %s).", codes.absent());
      case MISSING_TABLE -> result("unknown: the next table is not in the dump.");
      case BROKEN ->
          result("blocked: the entry has reserved bits set (fault %s).", codes.reserved());
      case TABLE -> result("unknown: the next table is not in the dump.");
    }
  }
}

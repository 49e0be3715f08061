package org.iommulab.evidence.inspection;

import java.util.Locale;
import org.iommulab.acpi.Dmar;
import org.iommulab.acpi.DmarStructure;
import org.iommulab.evidence.Snapshot;
import org.iommulab.vtd.layout.FaultReason;
import org.iommulab.vtd.tables.ContextNode;
import org.iommulab.vtd.tables.FaultNode;
import org.iommulab.vtd.tables.Finding;
import org.iommulab.vtd.tables.PasidNode;
import org.iommulab.vtd.tables.TableBrowser;
import org.iommulab.vtd.tables.TableKey;
import org.iommulab.vtd.tables.TableStatistics;

/** A snapshot for a person at a terminal. */
final class Overview {

  private final Snapshot snapshot;
  private final TableBrowser tables;
  private final boolean chinese;
  private final StringBuilder text;

  Overview(Snapshot snapshot, boolean chinese) {
    this(snapshot, chinese, new StringBuilder());
  }

  private Overview(Snapshot snapshot, boolean chinese, StringBuilder text) {
    this.snapshot = snapshot;
    this.chinese = chinese;
    this.tables = snapshot.tables();
    this.text = text;
  }

  String text() {
    line("%s", snapshot.source());
    snapshot.dmar().ifPresent(this::dmar);
    int units = snapshot.units().size();
    for (int index = 0; index < units; index++) {
      Snapshot each = snapshot.ofUnit(units == 1 ? snapshot.front() : index);
      new Overview(each, chinese, text).unit(units > 1);
    }
    snapshot.warnings().forEach(warning -> line(word("note: %s", "注意：%s"), warning));
    snapshot.firmwareFindings().forEach(finding -> line(word("note: %s", "注意：%s"), finding));
    return text.toString();
  }

  private void unit(boolean named) {
    line(
        word("%sunit%s%s", "%s单元%s%s"),
        named ? System.lineSeparator() + snapshot.unit().name() + "  " : "",
        snapshot
            .registerBase()
            .map(value -> String.format(Locale.ROOT, word(" at 0x%x", "，位于 0x%x"), value))
            .orElse(""),
        snapshot.unit().madeUp() ? word("  registers not known", "  寄存器未知") : capabilities());
    if (named && snapshot.unit().segment() != 0) {
      line(word("segment %04x", "段 %04x"), snapshot.unit().segment());
    }
    line(
        word("%s mode, translation %s, root table %s", "%s 模式，转换%s，根表 %s"),
        tables.mode().name().toLowerCase(Locale.ROOT),
        tables.translationEnabled() ? word("on", "开启") : word("off", "关闭"),
        tables
            .rootTable()
            .map(value -> String.format(Locale.ROOT, "0x%x", value))
            .orElse(word("not set", "未设置")));
    section(word("contexts", "个上下文条目"), tables.contexts().size());
    tables.contexts().forEach(this::context);
    section(word("PASID entries", "个 PASID 条目"), tables.pasids().size());
    tables.pasids().forEach(this::pasid);
    section(word("page tables", "个页表"), tables.tableKeys().size());
    tables.tableKeys().forEach(this::table);
    rest();
  }

  private String capabilities() {
    return String.format(
        Locale.ROOT,
        word("  version %x  CAP %016x  ECAP %016x", "  版本 %x  CAP %016x  ECAP %016x"),
        tables.registers().version(),
        tables.registers().cap(),
        tables.registers().ecap());
  }

  private String word(String english, String other) {
    return chinese ? other : english;
  }

  private void line(String format, Object... arguments) {
    text.append(String.format(Locale.ROOT, format, arguments).stripTrailing())
        .append(System.lineSeparator());
  }

  private void section(String name, int count) {
    if (count > 0) {
      line("%n%d %s", count, name);
    }
  }

  private void dmar(Dmar dmar) {
    for (DmarStructure.Drhd unit : dmar.units()) {
      line(
          word("DMAR: unit at 0x%x, segment %d, %s", "DMAR：单元位于 0x%x，段 %d，%s"),
          unit.base(),
          unit.segment(),
          unit.includesAll()
              ? word("all other devices", "其余全部设备")
              : unit.scopes().size() + word(" scopes", " 个范围"));
    }
    for (DmarStructure.Rmrr region : dmar.reservedMemory()) {
      line(word("DMAR: reserved 0x%x-0x%x", "DMAR：保留 0x%x-0x%x"), region.base(), region.limit());
    }
  }

  private void context(ContextNode context) {
    switch (context) {
      case ContextNode.Legacy legacy ->
          line(
              word("  %s  domain %-5d %s  %s%s", "  %s  域 %-5d %s  %s%s"),
              legacy.source(),
              legacy.domainId(),
              ContextSection.typeName(legacy.translationType()),
              legacy.table().map(TableKey::toString).orElse(""),
              legacy.present() ? "" : word("  not present", "  不存在"));
      case ContextNode.Scalable scalable ->
          line(
              word("  %s  PASID directory 0x%x, %d entries%s", "  %s  PASID 目录 0x%x，%d 个条目%s"),
              scalable.source(),
              scalable.directory(),
              scalable.directoryEntries(),
              scalable.present() ? "" : word("  not present", "  不存在"));
    }
  }

  private void pasid(PasidNode pasid) {
    line(
        word("  %s  PASID %-6d domain %-5d %s  %s", "  %s  PASID %-6d 域 %-5d %s  %s"),
        pasid.source(),
        pasid.pasid().value(),
        pasid.domainId(),
        ContextSection.stageName(pasid.translationType()),
        pasid.secondStage().or(pasid::firstStage).map(TableKey::toString).orElse(""));
  }

  private void table(TableKey key) {
    TableStatistics figures = tables.table(key).statistics();
    line(
        word(
            "  %-24s %d table pages, %d leaves, %d KiB mapped", "  %-24s %d 个表页，%d 个叶条目，映射 %d KiB"),
        key,
        figures.allTablePages(),
        figures.allLeaves(),
        figures.mappedBytes() >>> 10);
  }

  private void rest() {
    line("");
    tables
        .interruptTable()
        .ifPresent(
            table ->
                line(
                    word(
                        "interrupt table 0x%x: %d of %d entries in use",
                        "中断表 0x%x：%d 个条目在用，共 %d 个"),
                    table.address(),
                    tables.irtes().size(),
                    table.entries()));
    tables
        .queue()
        .ifPresent(
            queue ->
                line(
                    word(
                        "invalidation queue 0x%x: head 0x%x, tail 0x%x, %d descriptors",
                        "失效队列 0x%x：头 0x%x，尾 0x%x，%d 个描述符"),
                    queue.address(),
                    queue.head(),
                    queue.tail(),
                    queue.descriptors().size()));
    tables.faults().stream().filter(FaultNode::pending).forEach(this::fault);
    for (Finding finding : tables.findings()) {
      line(word("note: %s", "注意：%s"), finding.text());
    }
  }

  private void fault(FaultNode fault) {
    FaultReason reason = FaultReason.of(fault.reason());
    line(
        word("fault %d: %s %s 0x%x, reason %02x %s", "故障 %d：%s %s 0x%x，原因 %02x %s"),
        fault.index(),
        fault.source(),
        fault.read() ? word("reads", "读") : word("writes", "写"),
        fault.address(),
        fault.reason(),
        reason == null ? "" : reason.text());
  }
}

package org.iommulab.ui.view.cache;

import java.util.ArrayList;
import java.util.List;
import org.iommulab.bus.PciDevice;
import org.iommulab.bus.SourceId;
import org.iommulab.bus.ats.DeviceTlb;
import org.iommulab.bus.ats.TranslationEntry;
import org.iommulab.lab.LabView;
import org.iommulab.lab.machine.MachineView;
import org.iommulab.memory.Page;
import org.iommulab.ui.Hex;
import org.iommulab.ui.view.part.Phrase;
import org.iommulab.vtd.UnitView;
import org.iommulab.vtd.tables.TableBrowser;
import org.iommulab.vtd.tables.TableRow;
import org.iommulab.vtd.tables.TableUse;
import org.jspecify.annotations.Nullable;

/** Lists what endpoints keep, and compares it with the tables; runs on the laboratory's thread. */
final class DeviceTlbQuery {

  private DeviceTlbQuery() {}

  static List<DeviceTlbLine> lines(LabView view) {
    MachineView machine = view.machine().orElse(null);
    if (machine == null) {
      return List.of();
    }
    var lines = new ArrayList<DeviceTlbLine>();
    List<? extends UnitView> units = machine.units();
    for (PciDevice device : machine.devices()) {
      LabView served = view.ofUnit(machine.unit(device.source()).map(units::indexOf).orElse(0));
      for (DeviceTlb.Line line : machine.cached(device.source())) {
        TranslationEntry entry = line.entry();
        long first = entry.input().start();
        lines.add(
            new DeviceTlbLine(
                device.source(),
                device.name(),
                line.pasid().value(),
                first,
                entry.input().bytes(),
                entry.output(first),
                rights(entry),
                stale(served, line, device.source())));
      }
    }
    return lines;
  }

  private static String rights(TranslationEntry entry) {
    return (entry.readable() ? "R" : "")
        + (entry.writable() ? "W" : "")
        + (entry.executable() ? "X" : "");
  }

  /**
   * Looks the address up in the tables again. An untagged translation was made with the requester's
   * own tables, in scalable mode those of one PASID; nested ones are not compared.
   */
  private static @Nullable Phrase stale(LabView view, DeviceTlb.Line line, SourceId device) {
    TableBrowser tables = view.tables();
    boolean tagged = !line.pasid().isNone();
    List<TableUse> uses =
        tables.uses().stream()
            .filter(use -> use.source().equals(device))
            .filter(use -> !tagged || use.pasid().equals(line.pasid()))
            .toList();
    if (uses.stream().anyMatch(TableUse::guestPointers)) {
      return null;
    }
    if (uses.isEmpty()) {
      return Phrase.of("view.cache.stale.domain");
    }
    TranslationEntry entry = line.entry();
    long first = entry.input().start();
    List<TableRow> path = tables.table(uses.getFirst().table()).path(first);
    if (path.isEmpty() || path.getLast().kind() != TableRow.Kind.LEAF) {
      return Phrase.of("view.cache.stale.clear");
    }
    TableRow leaf = path.getLast();
    long now = leaf.target() + (first - leaf.iova());
    if (now != entry.output(first)) {
      return Phrase.of("view.cache.stale.frame", Hex.plain(Page.number(now)));
    }
    boolean narrower =
        (entry.readable() && !leaf.effective().read())
            || (entry.writable() && !leaf.effective().write());
    return narrower ? Phrase.of("view.cache.stale.rights", leaf.effective().toString()) : null;
  }
}

package org.iommulab.evidence.inspection;

import java.util.LinkedHashMap;
import java.util.Map;
import org.iommulab.acpi.AcpiTables;
import org.iommulab.evidence.Snapshot;
import org.iommulab.memory.MemoryView;
import org.iommulab.memory.PhysicalMemory;
import org.iommulab.vtd.layout.Irte;
import org.iommulab.vtd.layout.PasidDirectoryEntry;
import org.iommulab.vtd.layout.RootEntry;
import org.iommulab.vtd.tables.ContextNode;
import org.iommulab.vtd.tables.Mode;
import org.iommulab.vtd.tables.PasidNode;
import org.iommulab.vtd.tables.RootNode;
import org.iommulab.vtd.tables.TableBrowser;
import org.iommulab.vtd.tables.TableUse;

/** What each page of the dump is used for; a page with two uses counts for the first one. */
public final class PageRoles {

  private static final int PAGE = PhysicalMemory.FRAME_BYTES;
  private static final int ACPI_HEADER = 36;

  private final Map<Long, String> roles = new LinkedHashMap<>();
  private final MemoryView memory;

  private PageRoles(Snapshot snapshot) {
    memory = snapshot.memory();
    snapshot.acpi().ifPresent(this::firmware);
    unit(snapshot.tables());
    for (int index = 0; index < snapshot.units().size(); index++) {
      if (index != snapshot.front()) {
        unit(snapshot.ofUnit(index).tables());
      }
    }
  }

  private void unit(TableBrowser tables) {
    roots(tables);
    contexts(tables);
    for (TableUse use : tables.uses()) {
      if (!use.guestPointers()) {
        String prefix = use.table().stage().shortName() + "-l";
        tables.table(use.table()).forEachTable((address, level) -> add(address, prefix + level));
      }
    }
    tables
        .interruptTable()
        .ifPresent(table -> add(table.address(), (long) table.entries() * Irte.BYTES, "irt"));
    tables.queue().ifPresent(queue -> add(queue.address(), queue.bytes(), "iq"));
    tables.pageRequests().ifPresent(queue -> add(queue.address(), queue.bytes(), "prq"));
  }

  /** The role of each page that has one, by physical address. */
  public static Map<Long, String> of(Snapshot snapshot) {
    return new PageRoles(snapshot).roles;
  }

  /** How many pages of the dump have each role. */
  static Map<String, Integer> count(Snapshot snapshot) {
    var counts = new LinkedHashMap<String, Integer>();
    for (String role : new PageRoles(snapshot).roles.values()) {
      counts.merge(role, 1, Integer::sum);
    }
    return counts;
  }

  private void add(long address, String role) {
    add(address, 1, role);
  }

  private void add(long address, long bytes, String role) {
    for (long at = address & -PAGE; at < address + bytes; at += PAGE) {
      if (memory.isRam(at, PAGE)) {
        roles.putIfAbsent(at, role);
      }
    }
  }

  private void firmware(AcpiTables acpi) {
    add(acpi.rsdp(), "acpi-rsdp");
    for (AcpiTables.Table table : acpi.tables()) {
      if (table.signature().equals("DMAR")) {
        add(table.address(), table.length(), "acpi-dmar");
      }
    }
    add(acpi.root(), ACPI_HEADER + 4L * acpi.tables().size(), "acpi-rsdt");
    for (AcpiTables.Table table : acpi.tables()) {
      add(table.address(), ACPI_HEADER, "acpi-other-header");
    }
  }

  private void roots(TableBrowser tables) {
    boolean scalable = tables.mode() == Mode.SCALABLE;
    tables.rootTable().ifPresent(root -> add(root, "root"));
    for (RootNode root : tables.roots()) {
      if (RootEntry.P.isSet(root.lo())) {
        add(RootEntry.CTP.get(root.lo()), scalable ? "sm-context-lower" : "context");
      }
      if (scalable && RootEntry.UP.isSet(root.hi())) {
        add(RootEntry.UCTP.get(root.hi()), "sm-context-upper");
      }
    }
  }

  private void contexts(TableBrowser tables) {
    for (ContextNode context : tables.contexts()) {
      if (context instanceof ContextNode.Scalable scalable && scalable.present()) {
        long bytes = (long) scalable.directoryEntries() * PasidDirectoryEntry.BYTES;
        add(scalable.directory(), bytes, "pasid-dir");
        for (long table : tables.pasidTables(scalable)) {
          add(table, "pasid-table");
        }
        for (PasidNode pasid : tables.pasids(scalable)) {
          add(pasid.address(), "pasid-table");
        }
      }
    }
  }
}

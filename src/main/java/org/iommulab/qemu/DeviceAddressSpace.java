package org.iommulab.qemu;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.iommulab.bus.SourceId;
import org.iommulab.linux.process.SyscallResult;
import org.iommulab.memory.Page;
import org.iommulab.trace.CallTrace;
import org.iommulab.vtd.layout.ContextEntry;
import org.iommulab.vtd.tables.ContextNode;
import org.iommulab.vtd.tables.PageTable;
import org.iommulab.vtd.tables.TableBrowser;
import org.iommulab.vtd.tables.TableKey;
import org.iommulab.vtd.tables.TableRow;
import org.jspecify.annotations.Nullable;

/**
 * How one assigned device sees a guest with a unit of its own: all memory one to one while that
 * unit lets it pass, else what the guest's table maps.
 */
final class DeviceAddressSpace {

  /** So many pages are looked up one by one; more are found by a walk over the whole table. */
  private static final long FEW_PAGES = 64;

  private final SourceId device;
  private final GuestLayout layout;
  private final MemoryListener listener;
  private final ShadowTable shadow;
  private final CallTrace trace;
  private boolean shadowed;

  DeviceAddressSpace(
      SourceId device,
      GuestLayout layout,
      VfioContainer container,
      CallTrace trace,
      Messages messages) {
    this.device = device;
    this.layout = layout;
    this.trace = trace;
    this.listener = new MemoryListener(container, trace, messages);
    this.shadow = new ShadowTable(layout, container, trace, messages);
  }

  SourceId device() {
    return device;
  }

  MemoryListener listener() {
    return listener;
  }

  boolean shadowed() {
    return shadowed;
  }

  /** The device comes: it sees all memory, until the unit says otherwise. */
  SyscallResult plug(@Nullable TableBrowser tables) {
    if (tables != null && translates(tables)) {
      shadowed = true;
      sync(tables, 0, Long.MAX_VALUE);
      return SyscallResult.ok(0);
    }
    return listener.addAll(layout);
  }

  /** Legacy context of the device in the guest's tables. */
  private Optional<ContextNode.Legacy> context(TableBrowser tables) {
    return tables
        .context(device)
        .filter(ContextNode::present)
        .filter(ContextNode.Legacy.class::isInstance)
        .map(ContextNode.Legacy.class::cast);
  }

  private boolean translates(TableBrowser tables) {
    return tables.translationEnabled()
        && context(tables)
            .map(context -> context.translationType() != ContextEntry.PASS_THROUGH)
            .orElse(true);
  }

  /** Domain id that the guest gave the device; -1 for none. */
  int domainId(TableBrowser tables) {
    return context(tables).map(ContextNode.Legacy::domainId).orElse(-1);
  }

  /** {@code vtd_switch_address_space()}: to the guest's table, or back to all memory. */
  void switchAddressSpace(TableBrowser tables) {
    boolean wanted = translates(tables);
    if (wanted != shadowed) {
      if (trace.isOn()) {
        trace
            .enter("vtd_switch_address_space")
            .text("device", device.toString())
            .text("iommu", wanted ? "on" : "off");
      }
      shadowed = wanted;
      if (wanted) {
        listener.removeAll();
      } else {
        shadow.clear();
        listener.addAll(layout);
      }
      if (trace.isOn()) {
        trace.leave();
      }
    }
  }

  /** {@code vtd_sync_shadow_page_table_range()}: tells the host what has changed in a range. */
  void sync(TableBrowser tables, long first, long last) {
    if (!shadowed) {
      return;
    }
    if (trace.isOn()) {
      trace
          .enter("vtd_sync_shadow_page_table_range")
          .text("device", device.toString())
          .hex("first", first)
          .hex("last", last);
    }
    Optional<TableKey> key = context(tables).flatMap(ContextNode.Legacy::table);
    var leaves = new ArrayList<GuestView.Shadow>();
    if (key.isPresent()) {
      collect(tables.table(key.get()), first, last, leaves);
    }
    shadow.bringInStep(first, last, leaves);
    if (trace.isOn()) {
      trace.leave();
    }
  }

  private static void collect(
      PageTable table, long first, long last, List<GuestView.Shadow> leaves) {
    if (last - first < Page.address(FEW_PAGES)) {
      for (long iova = first; iova <= last; iova += 4096) {
        List<TableRow> path = table.path(iova);
        if (!path.isEmpty() && path.getLast().kind() == TableRow.Kind.LEAF) {
          TableRow leaf = path.getLast();
          long page = pageBytes(leaf.level());
          leaves.add(
              new GuestView.Shadow(
                  iova & -page, page, leaf.target() & -page, leaf.effective().write()));
          iova = (iova & -page) + page - 4096;
        }
      }
      return;
    }
    table.forEachRange(
        range -> {
          long page = pageBytes(range.pageLevel());
          long from = Math.max(range.iova(), first & -page);
          long end = range.iova() + range.size();
          for (long iova = from; iova < end && iova <= last; iova += page) {
            long physical = range.physical() + (iova - range.iova());
            leaves.add(new GuestView.Shadow(iova, page, physical, range.rights().write()));
          }
          return range.iova() <= last;
        });
  }

  private static long pageBytes(int level) {
    return Page.bytesAtLevel(level);
  }

  GuestView.Device view() {
    return new GuestView.Device(
        device.toString(),
        shadowed,
        listener.bytes(),
        shadow.entries(),
        shadow.maps(),
        shadow.unmaps());
  }
}

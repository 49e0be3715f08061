package org.iommulab.qemu;

import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import org.iommulab.linux.process.SyscallResult;
import org.iommulab.trace.CallTrace;

/**
 * What the host was told of a guest's table: the combination of the guest's IOVAs with the VMM's
 * own memory. Guest-physical addresses never reach the host.
 */
final class ShadowTable {

  private final GuestLayout layout;
  private final VfioContainer container;
  private final CallTrace trace;
  private final Messages messages;
  private final TreeMap<Long, GuestView.Shadow> entries = new TreeMap<>();
  private long maps;
  private long unmaps;

  ShadowTable(GuestLayout layout, VfioContainer container, CallTrace trace, Messages messages) {
    this.layout = layout;
    this.container = container;
    this.trace = trace;
    this.messages = messages;
  }

  /**
   * Brings a range in step with what the guest's table says of it now.
   *
   * @param first first address
   * @param last last address
   * @param wanted leaves of the guest's table that touch the range, ascending
   */
  void bringInStep(long first, long last, List<GuestView.Shadow> wanted) {
    for (GuestView.Shadow known : List.copyOf(touching(first, last))) {
      if (!wanted.contains(known)) {
        unmap(known);
      }
    }
    for (GuestView.Shadow leaf : wanted) {
      if (!leaf.equals(entries.get(leaf.iova()))) {
        map(leaf);
      }
    }
  }

  private List<GuestView.Shadow> touching(long first, long last) {
    var below = entries.floorEntry(first);
    long from = below != null && below.getValue().end() > first ? below.getKey() : first;
    return List.copyOf(entries.subMap(from, true, last, true).values());
  }

  private void map(GuestView.Shadow leaf) {
    enter(leaf, leaf.writable() ? "rw" : "r");
    long vaddr = layout.vaddr(leaf.guestPhysical());
    if (vaddr < 0) {
      messages.print(
          String.format(Locale.ROOT, "iommu map to non memory area 0x%x", leaf.guestPhysical()));
    } else {
      boolean readonly = !leaf.writable() || layout.isReadOnly(leaf.guestPhysical());
      SyscallResult result = container.dmaMap(leaf.iova(), leaf.size(), vaddr, readonly);
      if (!result.failed()) {
        entries.put(leaf.iova(), leaf);
        maps++;
      }
    }
    leave();
  }

  private void unmap(GuestView.Shadow leaf) {
    enter(leaf, "none");
    entries.remove(leaf.iova());
    container.dmaUnmap(leaf.iova(), leaf.size());
    unmaps++;
    leave();
  }

  private void enter(GuestView.Shadow leaf, String rights) {
    if (trace.isOn()) {
      trace
          .enter("vfio_iommu_map_notify")
          .hex("iova", leaf.iova())
          .hex("size", leaf.size())
          .hex("gpa", leaf.guestPhysical())
          .text("perm", rights);
    }
  }

  private void leave() {
    if (trace.isOn()) {
      trace.leave();
    }
  }

  /** {@code vtd_address_space_unmap()}: takes everything back. */
  void clear() {
    for (Iterator<GuestView.Shadow> left = List.copyOf(entries.values()).iterator();
        left.hasNext(); ) {
      unmap(left.next());
    }
  }

  List<GuestView.Shadow> entries() {
    return List.copyOf(entries.values());
  }

  /** Map notifications so far. */
  long maps() {
    return maps;
  }

  /** Unmap notifications so far. */
  long unmaps() {
    return unmaps;
  }
}

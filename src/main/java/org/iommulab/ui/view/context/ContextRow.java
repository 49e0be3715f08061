package org.iommulab.ui.view.context;

import java.util.List;
import org.iommulab.bits.Layout;
import org.iommulab.bus.Pasid;
import org.iommulab.bus.SourceId;
import org.iommulab.ui.Hex;
import org.iommulab.ui.view.part.Figure;
import org.iommulab.ui.view.part.OutlineRow;

/**
 * A root, context or PASID entry.
 *
 * @param key {@code root-00}, {@code ctx-0018}, {@code pasid-0018-1}
 * @param depth 0 for root entries, 1 for context entries, 2 for PASID entries
 * @param branch whether entries below it are shown
 * @param address physical address
 * @param layout what its bits mean
 * @param title {@code root [00]}, {@code ctx [18]}
 * @param device requester and name of the device
 * @param type present or not, and what happens to requests
 * @param domain domain id
 * @param width address width
 * @param target what it points to
 * @param raw its quadwords, the highest first
 * @param changed whether the last command changed it
 */
record ContextRow(
    String key,
    int depth,
    Branch branch,
    long address,
    Layout layout,
    String title,
    Figure device,
    Figure type,
    Figure domain,
    Figure width,
    Figure target,
    List<Long> raw,
    boolean changed)
    implements OutlineRow {

  ContextRow {
    raw = List.copyOf(raw);
  }

  /** Whether requests of a device, and of that PASID if it has one, come this way. */
  boolean isOf(SourceId source, Pasid pasid) {
    String id = Hex.plain(source.value(), 4);
    return key.equals("ctx-" + id) || key.equals("pasid-" + id + "-" + Hex.plain(pasid.value()));
  }

  /** The same with another state of its branch. */
  ContextRow with(Branch state) {
    return new ContextRow(
        key, depth, state, address, layout, title, device, type, domain, width, target, raw,
        changed);
  }
}

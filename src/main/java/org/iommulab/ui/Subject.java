package org.iommulab.ui;

import java.util.OptionalLong;
import org.iommulab.bus.Pasid;
import org.iommulab.bus.SourceId;
import org.iommulab.ui.view.lookup.DomainTree;
import org.iommulab.vtd.tables.TableKey;
import org.jspecify.annotations.Nullable;

/**
 * Whom all panes show their side of: one device with one of its address spaces, on one unit. The
 * latest request, the latest command or the selection decides, whichever came last.
 *
 * @param unit index of the remapping unit
 * @param device the requester, or null if only a domain is meant
 * @param pasid its PASID, or {@link Pasid#NONE}
 * @param domain the domain id in context and PASID entries, or -1 if nothing is translated
 * @param table the page tables, or null if there are none
 * @param iova the address meant, if one is
 */
public record Subject(
    int unit,
    @Nullable SourceId device,
    Pasid pasid,
    int domain,
    @Nullable TableKey table,
    OptionalLong iova) {

  /** Before anything happened. */
  public static final Subject NONE =
      new Subject(0, null, Pasid.NONE, -1, null, OptionalLong.empty());

  /** The same with another address. */
  Subject at(long address) {
    return new Subject(unit, device, pasid, domain, table, OptionalLong.of(address));
  }

  /** Another address space of the same unit; the device stays if it uses it. */
  public Subject showing(DomainTree use) {
    boolean stays = device != null && use.users().contains(device);
    SourceId user = stays ? device : use.users().stream().findFirst().orElse(null);
    return new Subject(
        unit, user, stays ? pasid : Pasid.NONE, use.domain(), use.key(), OptionalLong.empty());
  }

  /** Whether an address space is the one meant. */
  public boolean means(DomainTree use) {
    return use.domain() == domain && use.key().equals(table);
  }

  /** The same, meaning no address. */
  Subject withoutAddress() {
    return new Subject(unit, device, pasid, domain, table, OptionalLong.empty());
  }
}

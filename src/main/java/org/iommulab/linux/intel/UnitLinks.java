package org.iommulab.linux.intel;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.iommulab.trace.CallTrace;
import org.jspecify.annotations.Nullable;

/** The units a domain is known to, with its id on each ({@code dmar_domain->iommu_array}). */
final class UnitLinks {

  private static final class Link {
    private final IntelUnit unit;
    private final int domainId;
    private int users = 1;

    Link(IntelUnit unit, int domainId) {
      this.unit = unit;
      this.domainId = domainId;
    }
  }

  private final CallTrace trace;
  private final List<Link> links = new ArrayList<>();
  private final List<IntelUnit> units = new ArrayList<>();

  UnitLinks(CallTrace trace) {
    this.trace = trace;
  }

  /** {@code domain_attach_iommu()}: takes an id on the unit for the first device behind it. */
  Status attach(IntelUnit unit) {
    Link known = find(unit);
    if (known != null) {
      known.users++;
      return Status.OK;
    }
    int did = unit.takeDomainId();
    if (did < 0) {
      return Status.fail(Errno.ENOSPC, unit.name() + " has no free domain id");
    }
    links.add(new Link(unit, did));
    units.add(unit);
    if (trace.isOn()) {
      trace.effect(String.format(Locale.ROOT, "DID %x on %s", did, unit.name()));
    }
    return Status.OK;
  }

  /** {@code domain_detach_iommu()}: the last device gives the id back. */
  void detach(IntelUnit unit) {
    Link known = find(unit);
    if (known != null && --known.users == 0) {
      unit.freeDomainId(known.domainId);
      links.remove(known);
      units.remove(unit);
    }
  }

  /** {@code domain_id_iommu()}; -1 if the unit does not know the domain. */
  int id(IntelUnit unit) {
    Link known = find(unit);
    return known == null ? -1 : known.domainId;
  }

  private @Nullable Link find(IntelUnit unit) {
    for (Link link : links) {
      if (link.unit == unit) {
        return link;
      }
    }
    return null;
  }

  /** The units, in the order they came to know the domain. */
  List<IntelUnit> units() {
    return Collections.unmodifiableList(units);
  }

  /** Ids by the units' names. */
  Map<String, Integer> byName() {
    var ids = new LinkedHashMap<String, Integer>();
    links.forEach(link -> ids.put(link.unit.name(), link.domainId));
    return ids;
  }
}

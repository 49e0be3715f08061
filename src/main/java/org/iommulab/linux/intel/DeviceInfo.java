package org.iommulab.linux.intel;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.iommulab.bus.Pasid;
import org.iommulab.bus.SourceId;
import org.iommulab.linux.iommu.IommuDevice;
import org.iommulab.linux.pci.PciDevice;
import org.iommulab.vtd.layout.ExtendedCapabilityLayout;
import org.jspecify.annotations.Nullable;

/** What the driver knows of one device ({@code struct device_domain_info}). */
final class DeviceInfo {

  private final IommuDevice device;
  private final IntelUnit unit;
  private final boolean ats;
  private final boolean pasid;
  private final boolean pri;
  private final TreeMap<Pasid, IntelDomain> pasids = new TreeMap<>();
  private @Nullable PasidTable table;
  private @Nullable IntelDomain domain;
  private boolean attached;
  private int iopfUsers;

  DeviceInfo(IommuDevice device, IntelUnit unit) {
    this.device = device;
    this.unit = unit;
    PciDevice pci = device.pci();
    this.ats = pci.ats() && unit.extended(ExtendedCapabilityLayout.DT);
    this.pasid = unit.pasidSupported() && pci.maxPasidBits() > 0;
    this.pri = ats && pci.pri() && unit.scalable() && unit.extended(ExtendedCapabilityLayout.PRS);
  }

  IommuDevice device() {
    return device;
  }

  IntelUnit unit() {
    return unit;
  }

  SourceId sid() {
    return device.sid();
  }

  /** Its device-TLB is in use. */
  boolean ats() {
    return ats;
  }

  /** It may send PASIDs. */
  boolean pasid() {
    return pasid;
  }

  /** It may request pages. */
  boolean pri() {
    return pri;
  }

  /** How many PASIDs it can use: its own limit and the unit's, 0 if none. */
  int maxPasids() {
    return pasid ? Math.min(1 << device.pci().maxPasidBits(), unit.maxPasids()) : 0;
  }

  /** Requester ids its requests may carry: its own and that of a bridge above it. */
  List<SourceId> aliases() {
    var all = new ArrayList<SourceId>();
    all.add(sid());
    all.addAll(device.pci().aliases());
    return all;
  }

  /** Its PASID table; only in scalable mode. */
  PasidTable table() {
    if (table == null) {
      throw new IllegalStateException(device + " has no PASID table");
    }
    return table;
  }

  boolean hasTable() {
    return table != null;
  }

  void setTable(@Nullable PasidTable newTable) {
    table = newTable;
  }

  /** The domain of its requests without PASID, null while blocked or with identity. */
  @Nullable IntelDomain domain() {
    return domain;
  }

  /** Its requests without PASID are not blocked. */
  boolean attached() {
    return attached;
  }

  void setDomain(@Nullable IntelDomain newDomain, boolean nowAttached) {
    domain = newDomain;
    attached = nowAttached;
  }

  /** Domains of its PASIDs ({@code struct dev_pasid_info}). */
  TreeMap<Pasid, IntelDomain> pasids() {
    return pasids;
  }

  /** {@code iopf_refcount}: domains of this device that take page requests. */
  int iopfUsers() {
    return iopfUsers;
  }

  void changeIopfUsers(int delta) {
    iopfUsers += delta;
  }
}

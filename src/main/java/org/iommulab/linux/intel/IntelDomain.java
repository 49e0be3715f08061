package org.iommulab.linux.intel;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.iommulab.bus.Pasid;
import org.iommulab.bus.SourceId;
import org.iommulab.linux.boot.KernelParts;
import org.iommulab.linux.iommu.DomainCore;
import org.iommulab.linux.iommu.DomainType;
import org.iommulab.linux.iommu.IommuOps;
import org.iommulab.linux.uapi.Status;

/** What paging, nested and SVA domains of the driver share ({@code struct dmar_domain}). */
public abstract class IntelDomain extends DomainCore {

  /** A PASID of a device that is attached to the domain. */
  record DevicePasid(DeviceInfo info, Pasid pasid) {}

  private final KernelParts parts;
  private final IommuOps driver;
  private final UnitLinks units;
  private final CacheTags tags;
  private final List<DeviceInfo> devices = new ArrayList<>();
  private final List<DevicePasid> pasids = new ArrayList<>();

  IntelDomain(
      KernelParts parts,
      IommuOps driver,
      int id,
      DomainType type,
      String owner,
      boolean firstStage) {
    super(id, type, owner);
    this.parts = parts;
    this.driver = driver;
    this.units = new UnitLinks(parts.trace());
    this.tags = new CacheTags(parts, firstStage);
  }

  @Override
  public final IommuOps driver() {
    return driver;
  }

  final KernelParts parts() {
    return parts;
  }

  /** Tells whether a unit can translate with this domain: OK or EINVAL. */
  abstract Status compatible(IntelUnit unit);

  /** Writes the entry of one PASID, in place of {@code replacing} or into an empty one. */
  abstract Status program(DeviceInfo info, Pasid pasid, boolean replacing);

  /** Page sizes that its table may have, as a bitmap. */
  public abstract long pageSizes();

  /** Physical address of the table that devices walk first. */
  public abstract long root();

  /** Levels of that table. */
  public abstract int levels();

  /** Width of its IOVA space in bits. */
  public abstract int addressBits();

  /** Its id in a unit's caches. */
  int id(IntelUnit unit) {
    return units.id(unit);
  }

  /** Takes an id on a unit. */
  Status attachUnit(IntelUnit unit) {
    return units.attach(unit);
  }

  /** Gives the id back once no device needs it. */
  void detachUnit(IntelUnit unit) {
    units.detach(unit);
  }

  final UnitLinks units() {
    return units;
  }

  /** Units it is known to, by name, with its id there. */
  public final Map<String, Integer> attachments() {
    return units.byName();
  }

  final CacheTags tags() {
    return tags;
  }

  /** Devices whose requests without PASID it translates. */
  final List<DeviceInfo> devices() {
    return Collections.unmodifiableList(devices);
  }

  /** Requester ids of devices that have it, with or without PASID. */
  public final List<SourceId> deviceIds() {
    return Stream.concat(
            devices.stream().map(DeviceInfo::sid), pasids.stream().map(at -> at.info().sid()))
        .distinct()
        .toList();
  }

  /** PASIDs whose requests it translates. */
  final List<DevicePasid> pasids() {
    return Collections.unmodifiableList(pasids);
  }

  final void add(DeviceInfo info, Pasid pasid) {
    if (pasid.equals(Pasid.OF_REQUESTER)) {
      devices.add(info);
    } else {
      pasids.add(new DevicePasid(info, pasid));
    }
  }

  final void remove(DeviceInfo info, Pasid pasid) {
    if (pasid.equals(Pasid.OF_REQUESTER)) {
      devices.remove(info);
    } else {
      pasids.remove(new DevicePasid(info, pasid));
    }
  }

  /** {@code cache_tag_assign_domain()}: remembers where its translations may be cached now. */
  void assignTags(DeviceInfo info, Pasid pasid) {
    tags.assign(info, id(info.unit()), pasid, false);
  }

  /** {@code cache_tag_unassign_domain()}. */
  void unassignTags(DeviceInfo info, Pasid pasid) {
    tags.unassign(info, id(info.unit()), pasid, false);
  }
}

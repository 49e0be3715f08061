package org.iommulab.linux;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.iommulab.bus.SourceId;
import org.iommulab.linux.intel.DmarDomain;
import org.iommulab.linux.intel.IntelDomain;
import org.iommulab.linux.iommu.IommuDevice;
import org.iommulab.linux.iommu.IommuDomain;
import org.iommulab.linux.iommu.IommuGroup;
import org.iommulab.linux.iommu.PagingDomain;
import org.iommulab.linux.iommu.ReservedRegion;
import org.iommulab.linux.iommufd.IommufdFile;
import org.iommulab.linux.mock.MockNestedDomain;
import org.iommulab.linux.process.OpenFile;
import org.iommulab.linux.process.Process;
import org.iommulab.linux.process.UserPages;

/** Builds the immutable pictures of the kernel's objects. */
final class Views {

  private final Kernel kernel;

  Views(Kernel kernel) {
    this.kernel = kernel;
  }

  List<ProcessView> processes() {
    var views = new ArrayList<ProcessView>();
    for (Process process : kernel.running()) {
      var areas = new ArrayList<ProcessView.Area>();
      for (UserPages.Piece piece : process.memory().pieces()) {
        areas.add(new ProcessView.Area(piece.start(), piece.length(), piece.kind()));
      }
      var files = new ArrayList<ProcessView.File>();
      for (Map.Entry<Integer, OpenFile> file : process.openFiles().entrySet()) {
        files.add(new ProcessView.File(file.getKey(), file.getValue().path()));
      }
      views.add(
          new ProcessView(
              process.pid(),
              process.name(),
              areas,
              files,
              process.memory().pinnedPages(),
              process.memory().lockedPages() + process.user().lockedPages(),
              process.memlockPages()));
    }
    return views;
  }

  List<DomainView> domains() {
    var views = new ArrayList<DomainView>();
    for (IommuDomain domain : kernel.iommu().domains()) {
      views.add(view(domain));
    }
    return views;
  }

  private static DomainView view(IommuDomain domain) {
    if (domain instanceof IntelDomain intel) {
      return new DomainView(
          domain.id(),
          domain.type().label(),
          domain.owner(),
          intel.root(),
          intel.levels(),
          intel.addressBits(),
          intel.pageSizes(),
          !(intel instanceof DmarDomain paging) || paging.firstStage(),
          intel instanceof DmarDomain paging && paging.snoop(),
          intel.attachments().entrySet().stream()
              .map(link -> new DomainView.Attachment(link.getKey(), link.getValue()))
              .toList(),
          intel.deviceIds());
    }
    PagingDomain paging =
        domain instanceof MockNestedDomain nested ? nested.parent() : (PagingDomain) domain;
    int bits = 64 - Long.numberOfLeadingZeros(paging.apertureEnd());
    return new DomainView(
        domain.id(),
        domain.type().label(),
        domain.owner(),
        0,
        0,
        bits,
        paging.pageSizes(),
        false,
        false,
        List.of(),
        List.of());
  }

  List<GroupView> groups() {
    var views = new ArrayList<GroupView>();
    for (IommuGroup group : kernel.iommu().groups()) {
      var members = new ArrayList<SourceId>();
      var reserved = new ArrayList<GroupView.Reserved>();
      for (IommuDevice device : group.devices()) {
        members.add(device.sid());
        for (ReservedRegion region : device.ops().reservedRegions(device)) {
          var shown = new GroupView.Reserved(region.start(), region.last(), region.type().word());
          if (!reserved.contains(shown)) {
            reserved.add(shown);
          }
        }
      }
      IommuDomain usual = group.defaultDomain();
      IommuDomain now = group.domain();
      views.add(
          new GroupView(
              group.id(),
              members,
              group.defaultType().sysfs(),
              usual == null ? 0 : usual.id(),
              now == null ? 0 : now.id(),
              group.claimed() ? group.ownerName() : null,
              reserved));
    }
    return views;
  }

  List<IommufdObjectView> iommufdObjects() {
    var views = new ArrayList<IommufdObjectView>();
    for (Process process : kernel.running()) {
      for (Map.Entry<Integer, OpenFile> file : process.openFiles().entrySet()) {
        if (file.getValue() instanceof IommufdFile iommufd) {
          for (IommufdFile.ObjectFacts object : iommufd.objects()) {
            views.add(view(process.pid(), file.getKey(), object));
          }
        }
      }
    }
    return views;
  }

  private static IommufdObjectView view(int pid, int fd, IommufdFile.ObjectFacts object) {
    return new IommufdObjectView(
        pid,
        fd,
        object.id(),
        object.type(),
        object.users(),
        object.heldBy(),
        object.refusal(),
        object.domain(),
        object.areas().stream()
            .map(
                area ->
                    new IommufdObjectView.Area(
                        area.iova(), area.length(), area.userAddress(), area.rights()))
            .toList(),
        object.facts());
  }
}

package org.iommulab.linux;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.iommulab.linux.iommu.IommuDomain;
import org.iommulab.linux.iommu.IommuGroup;
import org.iommulab.linux.process.Process;
import org.jspecify.annotations.Nullable;

/**
 * Tells what iommufd and VFIO have left behind: everything they take must be back once the last of
 * their file descriptors is closed.
 */
final class Books {

  /** How domains of iommufd and VFIO call their owners. */
  private static final List<String> OWNERS = List.of("iommufd", "vfio");

  private final Kernel kernel;
  private long framesBefore = -1;
  private int domainIdsBefore;

  Books(Kernel kernel) {
    this.kernel = kernel;
  }

  /** Remembers how things are, unless somebody uses iommufd or VFIO already. */
  void open() {
    if (kernel.openContexts() == 0 && unusual().isEmpty()) {
      framesBefore = frames();
      domainIdsBefore = domainIds();
    }
  }

  /** Frames of tables but for those that are kept for the next time. */
  private long frames() {
    var driver = kernel.intel();
    long kept = driver == null ? 0 : driver.pasidTablesInUse() + driver.blockingTables();
    for (Process process : kernel.everyProcess()) {
      kept += process.memory().tableFrames();
    }
    return kernel.parts().frames().kernelFrames() - kept;
  }

  private int domainIds() {
    var driver = kernel.intel();
    return driver == null ? 0 : driver.domainIdsInUse();
  }

  /** What is left, one sentence each; empty if nothing is. */
  List<String> leaks() {
    var left = new ArrayList<>(unusual());
    long frames = frames() - framesBefore;
    if (framesBefore >= 0 && frames != 0) {
      left.add(frames + " page frames of tables are not back");
    }
    int ids = domainIds() - domainIdsBefore;
    if (framesBefore >= 0 && ids != 0) {
      left.add(ids + " domain ids are not back");
    }
    return left;
  }

  private List<String> unusual() {
    var left = new ArrayList<String>();
    if (kernel.openContexts() != 0) {
      left.add(kernel.openContexts() + " iommufd contexts are open");
    }
    Set<IommuDomain> usual = new LinkedHashSet<>();
    for (IommuGroup group : kernel.iommu().groups()) {
      @Nullable IommuDomain own = group.defaultDomain();
      if (own != null) {
        usual.add(own);
      }
      if (group.claimed()) {
        left.add("group " + group.id() + " belongs to " + group.ownerName());
      }
    }
    for (IommuDomain domain : kernel.iommu().domains()) {
      boolean ours = OWNERS.stream().anyMatch(domain.owner()::startsWith);
      if (ours && !usual.contains(domain)) {
        left.add("domain " + domain.id() + " of " + domain.owner() + " exists");
      }
    }
    for (Process process : kernel.everyProcess()) {
      var memory = process.memory();
      if (!memory.unpinned() || memory.pinnedPages() != 0) {
        left.add(process.name() + " has " + memory.pinnedPages() + " pinned pages");
      }
      if (memory.lockedPages() != 0 || process.user().lockedPages() != 0) {
        left.add(process.name() + " is charged for locked pages");
      }
    }
    return left;
  }
}

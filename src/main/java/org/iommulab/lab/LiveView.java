package org.iommulab.lab;

import java.util.List;
import java.util.Optional;
import org.iommulab.evidence.Snapshot;
import org.iommulab.lab.advice.Advice;
import org.iommulab.lab.advice.Advisor;
import org.iommulab.lab.check.Invariants;
import org.iommulab.lab.check.Violation;
import org.iommulab.lab.machine.MachineView;
import org.iommulab.lab.run.Rig;
import org.iommulab.lab.run.UsageSample;
import org.iommulab.linux.KernelView;
import org.iommulab.memory.Changes;
import org.iommulab.memory.MemoryView;
import org.iommulab.trace.CallFrame;
import org.iommulab.vtd.RemappingUnit;
import org.iommulab.vtd.UnitView;
import org.iommulab.vtd.request.WalkPath;
import org.iommulab.vtd.tables.RegisterValues;
import org.iommulab.vtd.tables.TableBrowser;

/**
 * A running machine seen from outside.
 *
 * @param unitIndex the unit in front
 */
record LiveView(
    Rig rig,
    int unitIndex,
    List<JournalEntry> journal,
    int position,
    long snapshot,
    Optional<Snapshot> evidence)
    implements LabView {

  @Override
  public long timeNs() {
    return rig.timeNs();
  }

  @Override
  public Optional<JournalEntry> last() {
    return position == 0 ? Optional.empty() : Optional.of(journal.get(position - 1));
  }

  @Override
  public List<CallFrame> lastCalls() {
    return rig.lastCalls();
  }

  @Override
  public List<CallFrame> recentCalls() {
    return rig.recentCalls();
  }

  @Override
  public long lostCalls() {
    return rig.lostCalls();
  }

  @Override
  public Optional<WalkPath> lastPath() {
    return rig.lastPath();
  }

  @Override
  public Changes lastChanges() {
    return rig.lastChanges();
  }

  @Override
  public List<UsageSample> usage() {
    return rig.usage();
  }

  @Override
  public MemoryView memory() {
    return rig.machine().memory();
  }

  @Override
  public TableBrowser tables() {
    return new TableBrowser(rig.machine().memory(), RegisterValues.of(chosen()));
  }

  @Override
  public Optional<MachineView> machine() {
    return Optional.of(rig.machine());
  }

  @Override
  public List<Violation> violations() {
    return Invariants.findings(rig.machine(), rig.kernel());
  }

  @Override
  public Optional<UnitView> unit() {
    return Optional.of(chosen());
  }

  private RemappingUnit chosen() {
    List<RemappingUnit> units = rig.machine().units();
    return units.get(unitIndex < units.size() ? unitIndex : 0);
  }

  @Override
  public LabView ofUnit(int index) {
    return index == unitIndex
        ? this
        : new LiveView(rig, Math.max(0, index), journal, position, snapshot, evidence);
  }

  @Override
  public Optional<? extends KernelView> kernel() {
    return rig.kernel();
  }

  @Override
  public boolean isDeviceAssigned() {
    return rig.vmm().filter(vmm -> vmm.container() >= 0).isPresent();
  }

  @Override
  public boolean isAdvised() {
    return rig.watch() instanceof Advisor;
  }

  @Override
  public List<Advice> advice() {
    return rig.watch() instanceof Advisor advisor ? advisor.advice() : List.of();
  }

  @Override
  public boolean isLive() {
    return true;
  }
}

package org.iommulab.lab;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.iommulab.evidence.Snapshot;
import org.iommulab.lab.advice.Advice;
import org.iommulab.lab.machine.MachineView;
import org.iommulab.linux.KernelView;
import org.iommulab.memory.Changes;
import org.iommulab.memory.MemoryView;
import org.iommulab.trace.CallFrame;
import org.iommulab.vtd.request.WalkPath;
import org.iommulab.vtd.tables.TableBrowser;

/**
 * A dump seen from outside: memory and registers, nothing that runs.
 *
 * @param dump what is looked at
 * @param lastChanges what differs from the look before, if a running machine is looked at
 * @param snapshot number of this state
 * @param isAdvised whether the advisor looks on
 * @param said what it says, worked out when it is asked for
 */
record EvidenceView(
    Snapshot dump,
    Changes lastChanges,
    long snapshot,
    boolean isAdvised,
    Supplier<List<Advice>> said)
    implements LabView {

  @Override
  public List<Advice> advice() {
    return isAdvised ? said.get() : List.of();
  }

  @Override
  public long timeNs() {
    return 0;
  }

  @Override
  public List<JournalEntry> journal() {
    return List.of();
  }

  @Override
  public int position() {
    return 0;
  }

  @Override
  public Optional<JournalEntry> last() {
    return Optional.empty();
  }

  @Override
  public List<CallFrame> lastCalls() {
    return List.of();
  }

  @Override
  public List<CallFrame> recentCalls() {
    return List.of();
  }

  @Override
  public long lostCalls() {
    return 0;
  }

  @Override
  public Optional<WalkPath> lastPath() {
    return Optional.empty();
  }

  @Override
  public MemoryView memory() {
    return dump.memory();
  }

  @Override
  public TableBrowser tables() {
    return dump.tables();
  }

  @Override
  public LabView ofUnit(int index) {
    return new EvidenceView(dump.ofUnit(index), lastChanges, snapshot, isAdvised, said);
  }

  @Override
  public int units() {
    return dump.units().size();
  }

  @Override
  public Optional<MachineView> machine() {
    return Optional.empty();
  }

  @Override
  public Optional<? extends KernelView> kernel() {
    return Optional.empty();
  }

  @Override
  public boolean isLive() {
    return false;
  }

  @Override
  public Optional<Snapshot> evidence() {
    return Optional.of(dump);
  }
}

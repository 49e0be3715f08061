package org.iommulab.lab.machine;

import java.util.List;
import java.util.Optional;
import org.iommulab.bus.DmaAccess;
import org.iommulab.bus.PciDevice;
import org.iommulab.bus.SourceId;
import org.iommulab.bus.ats.DeviceTlb;
import org.iommulab.bus.ats.PageGroupResponse;
import org.iommulab.bus.ats.PageRequestMessage;
import org.iommulab.bus.ats.TranslationAgent;
import org.iommulab.bus.device.DmaPort;
import org.iommulab.lab.machine.DmaOutcome.Chunk;
import org.iommulab.lab.machine.DmaOutcome.Status;
import org.iommulab.memory.Page;
import org.jspecify.annotations.Nullable;

/** A device's way into the machine; counts what passes. */
final class DevicePort implements DmaPort {

  private final Machine machine;
  private final PciDevice device;
  private DmaCounters counters = DmaCounters.NONE;
  private @Nullable Refusal lastRefusal;

  DevicePort(Machine machine, PciDevice device) {
    this.machine = machine;
    this.device = device;
  }

  @Override
  public SourceId source() {
    return device.source();
  }

  @Override
  public Completion transfer(DmaAccess access, byte[] data) {
    return told(access, machine.dma(narrowed(access), data));
  }

  @Override
  public Completion transferTranslated(DmaAccess access, byte[] data) {
    return told(access, machine.dmaByDeviceTlb(narrowed(access), data));
  }

  /** Address lines that a device does not have stay low. */
  private DmaAccess narrowed(DmaAccess access) {
    long reachable = access.address() & device.dmaMask();
    return reachable == access.address()
        ? access
        : new DmaAccess(
            access.source(),
            reachable,
            access.length(),
            access.kind(),
            access.pasid(),
            access.privileged(),
            access.type(),
            access.noWrite());
  }

  private Completion told(DmaAccess access, DmaOutcome outcome) {
    long moved = 0;
    Chunk failed = null;
    for (Chunk chunk : outcome.chunks()) {
      boolean arrived =
          chunk.status() == Status.DONE || (access.writes() && chunk.status() == Status.INTERRUPT);
      moved += arrived ? chunk.length() : 0;
      failed = arrived || failed != null ? failed : chunk;
    }
    if (failed != null) {
      lastRefusal = new Refusal(access.writes(), failed.iova(), failed.status(), failed.reason());
    }
    if (failed != null && failed.status() == Status.DENIED) {
      counters = counters.oneDenied();
      return Completion.DENIED;
    }
    if (failed != null && failed.status() == Status.REFUSED) {
      counters = counters.oneDenied();
      return Completion.REFUSED;
    }
    if (access.writes()) {
      counters = counters.written(moved, failed == null);
      return Completion.SUCCESS;
    }
    counters = counters.read(moved, failed == null);
    return failed == null ? Completion.SUCCESS : Completion.ABORTED;
  }

  @Override
  public void message(long address, int data) {
    counters = counters.message();
    machine.msi(device.source(), address, data);
  }

  @Override
  public boolean requestPage(DmaAccess access, int group) {
    Optional<DeviceTlb> cache = machine.deviceTlb(device.source());
    if (cache.isEmpty() || !device.abilities().pri()) {
      return false;
    }
    counters = counters.pageRequest();
    var message =
        new PageRequestMessage(
            device.source(),
            access.pasid(),
            Page.start(access.address()),
            !access.writes() || access.kind() == DmaAccess.Kind.ATOMIC,
            access.writes(),
            access.kind() == DmaAccess.Kind.EXECUTE,
            access.privileged(),
            true,
            group);
    return cache.get().request(message).fate() == TranslationAgent.Fate.QUEUED;
  }

  @Override
  public List<PageGroupResponse> responses() {
    return machine.deviceTlb(device.source()).map(DeviceTlb::drainResponses).orElse(List.of());
  }

  DmaCounters counters() {
    return counters;
  }

  @Nullable Refusal lastRefusal() {
    return lastRefusal;
  }

  void reset() {
    counters = DmaCounters.NONE;
    lastRefusal = null;
  }
}

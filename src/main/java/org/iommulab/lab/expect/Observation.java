package org.iommulab.lab.expect;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.iommulab.bus.SourceId;
import org.iommulab.lab.machine.Machine;
import org.iommulab.linux.Kernel;
import org.iommulab.linux.process.Process;
import org.iommulab.qemu.Vmm;
import org.iommulab.trace.CallFrame;
import org.iommulab.vtd.request.WalkPath;
import org.iommulab.vtd.tables.FaultNode;

/**
 * What a path can look at.
 *
 * @param machine the machine
 * @param kernel the kernel, once booted
 * @param process the process that scripts act as, once the kernel is booted
 * @param vmm the VMM, once the kernel is booted
 * @param result fields of the latest command's result
 * @param calls what the latest command called
 * @param walk the way of the latest command's last DMA request
 * @param handledFaults fault records of each unit that the kernel has read and cleared
 * @param queueTailsBefore IQT of each unit before the latest command
 */
public record Observation(
    Machine machine,
    Optional<Kernel> kernel,
    Optional<Process> process,
    Optional<Vmm> vmm,
    Map<String, Object> result,
    List<CallFrame> calls,
    Optional<WalkPath> walk,
    List<List<FaultNode>> handledFaults,
    List<Long> queueTailsBefore,
    Advised advised) {

  /** Where advice comes from, each case with its fields. */
  public interface Advised {

    /** What has been said; with {@code atEnd}, also what is wrong if nothing comes any more. */
    List<Map<String, Object>> cases(boolean atEnd);
  }

  /** The requester with that name or id, if a device of the machine is it or sends as it. */
  Optional<SourceId> device(Object word) {
    return machine.devices().stream()
        .filter(
            device ->
                device.name().equals(word) || device.source().toString().equals(word.toString()))
        .map(device -> device.source())
        .findFirst()
        .or(() -> SourceId.parse(word.toString()).filter(this::isPhantom));
  }

  private boolean isPhantom(SourceId id) {
    return machine.devices().stream()
        .anyMatch(device -> device.abilities().phantoms().contains(id));
  }
}

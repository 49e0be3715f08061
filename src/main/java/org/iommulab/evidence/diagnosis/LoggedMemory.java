package org.iommulab.evidence.diagnosis;

import java.util.Optional;
import org.iommulab.evidence.log.KernelLog;
import org.iommulab.evidence.log.MemoryMapLine;

/**
 * What the lines of a boot say about a physical address: the memory map of firmware, and what
 * devices decode. Source: Linux {@code e820.c}, {@code drivers/pci/probe.c}, {@code setup-res.c}.
 */
final class LoggedMemory {

  private final KernelLog log;

  LoggedMemory(KernelLog log) {
    this.log = log;
  }

  /** What is there; empty if no line says it. */
  Optional<Surroundings.Memory> at(long address) {
    return line(address)
        .map(
            line ->
                line.isDevice()
                    ? Surroundings.Memory.DEVICE
                    : line.type().startsWith("usable")
                        ? Surroundings.Memory.RAM
                        : Surroundings.Memory.RESERVED);
  }

  /** The device that decodes it. */
  Optional<String> owner(long address) {
    return line(address).filter(MemoryMapLine::isDevice).map(MemoryMapLine::type);
  }

  /** The line that says it. */
  Optional<Finding.Evidence> proof(long address) {
    return line(address)
        .map(
            line ->
                new Finding.Evidence(
                    "",
                    line.line(),
                    FaultCase.hex(line.start())
                        + "-"
                        + FaultCase.hex(line.end())
                        + " "
                        + line.type()));
  }

  /** The last word counts: the kernel moves windows of devices that firmware placed badly. */
  private Optional<MemoryMapLine> line(long address) {
    return log.memoryMap().reversed().stream().filter(line -> line.holds(address)).findFirst();
  }
}

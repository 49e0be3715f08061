package org.iommulab.lab.run.call;

import org.iommulab.bus.SourceId;
import org.iommulab.lab.language.Complaint;
import org.iommulab.lab.run.state.Arguments;
import org.iommulab.lab.run.state.RunState;
import org.iommulab.linux.Kernel;
import org.iommulab.linux.dma.DmaApi;
import org.iommulab.linux.dma.DmaDevice;
import org.iommulab.linux.iommu.IommuDevice;
import org.iommulab.linux.iommu.IommuDomain;
import org.iommulab.linux.process.Process;

/**
 * Where a function is called.
 *
 * @param state the laboratory's machine
 * @param kernel the kernel it belongs to, which may be a guest's
 */
record Scope(RunState state, Kernel kernel) {

  DmaApi dma() {
    return kernel.dma();
  }

  /** The device an argument names, as the DMA API knows it. */
  DmaDevice dmaDevice(Arguments arguments) throws Complaint {
    String word = arguments.text("dev");
    for (DmaDevice device : dma().devices()) {
      boolean same =
          device.pci().name().equals(word)
              || SourceId.parse(word).filter(device.pci().sid()::equals).isPresent();
      if (same) {
        return device;
      }
    }
    var names = dma().devices().stream().map(device -> device.pci().name()).toList();
    throw arguments.wrong(
        "dev", "names \"" + word + "\", which is no device; there are " + String.join(", ", names));
  }

  /** The device an argument names, which an IOMMU serves. */
  IommuDevice iommuDevice(Arguments arguments, String key) throws Complaint {
    String word = arguments.text(key);
    for (IommuDevice device : kernel.iommu().devices()) {
      if (device.pci().name().equals(word) || device.sid().toString().equals(word)) {
        return device;
      }
    }
    throw arguments.wrong(key, "must be a device behind an IOMMU, not \"" + word + "\"");
  }

  /** The domain an argument names: its number, or a device in it. */
  IommuDomain domain(Arguments arguments) throws Complaint {
    if (arguments.value("domain") instanceof String text && !state.names().known(text)) {
      IommuDomain own = iommuDevice(arguments, "domain").group().domain();
      if (own == null) {
        throw arguments.wrong("domain", "names \"" + text + "\", which is in no domain");
      }
      return own;
    }
    int id = (int) arguments.number("domain");
    IommuDomain domain = kernel.domain(id);
    if (domain == null) {
      throw arguments.wrong("domain", "must be a domain that exists; there is no domain " + id);
    }
    return domain;
  }

  /** The process with the {@code pid} of an argument, else the oldest one. */
  Process process(Arguments arguments) throws Complaint {
    long pid = arguments.numberOr("pid", 0);
    for (Process process : kernel.running()) {
      if (pid == 0 || process.pid() == pid) {
        return process;
      }
    }
    throw new Complaint(
        pid == 0 ? "no process runs on this kernel" : "there is no process with pid " + pid);
  }
}

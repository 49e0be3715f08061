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
import org.iommulab.words.Bilingual;

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
        "dev",
        "names \"%s\", which is no device; there are %s",
        "所写的 \"%s\" 不是设备；现有 %s",
        word,
        String.join(", ", names));
  }

  /** The device an argument names, which an IOMMU serves. */
  IommuDevice iommuDevice(Arguments arguments, String key) throws Complaint {
    String word = arguments.text(key);
    for (IommuDevice device : kernel.iommu().devices()) {
      if (device.pci().name().equals(word) || device.sid().toString().equals(word)) {
        return device;
      }
    }
    throw arguments.wrong(
        key, "must be a device behind an IOMMU, not \"%s\"", "必须是 IOMMU 之后的设备，而不是 \"%s\"", word);
  }

  /** The domain an argument names: its number, or a device in it. */
  IommuDomain domain(Arguments arguments) throws Complaint {
    if (arguments.value("domain") instanceof String text && !state.names().known(text)) {
      IommuDomain own = iommuDevice(arguments, "domain").group().domain();
      if (own == null) {
        throw arguments.wrong(
            "domain", "names \"%s\", which is in no domain", "所写的 \"%s\" 不在任何域中", text);
      }
      return own;
    }
    int id = (int) arguments.number("domain");
    IommuDomain domain = kernel.domain(id);
    if (domain == null) {
      throw arguments.wrong(
          "domain", "must be a domain that exists; there is no domain %s", "必须是已有的域；没有域 %s", id);
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
        pid == 0
            ? Bilingual.of("no process runs on this kernel", "这个内核上没有进程运行")
            : Bilingual.of("there is no process with pid %d", "没有 pid 为 %d 的进程", pid));
  }
}

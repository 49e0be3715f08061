package org.iommulab.peer.exec;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.iommulab.bus.PciDevice;
import org.iommulab.lab.Laboratory;
import org.iommulab.lab.machine.Machine;
import org.iommulab.linux.Kernel;
import org.iommulab.linux.process.ModelProcess;
import org.iommulab.peer.host.Starter;
import org.jspecify.annotations.Nullable;

/** A real program in a laboratory: what it opens below {@code /dev} is our kernel's. */
public final class ProgramRun {

  private ProgramRun() {}

  /** Why a program could not be run, in one sentence. */
  public static final class Failure extends Exception {
    private static final long serialVersionUID = 1;

    Failure(String sentence) {
      super(sentence);
    }
  }

  /**
   * Runs a program to its end.
   *
   * @param laboratory a machine with a kernel that has booted
   * @param command the program and its arguments
   * @param record where every request is written with what was learned from outside; null for
   *     nowhere
   * @return its exit code; 128 and the signal's number if a signal ended it
   */
  public static int run(Laboratory laboratory, List<String> command, @Nullable Writer record)
      throws Failure {
    Machine machine =
        laboratory.view().machine().orElseThrow(() -> new Failure("there is no machine"));
    Kernel kernel =
        laboratory
            .view()
            .kernel()
            .orElseThrow(
                () -> new Failure("no kernel runs on this machine; boot one with linux.boot"));
    Path folder = null;
    try {
      folder = Files.createTempDirectory("iommu-lab");
      assignAll(machine, kernel);
      var tree = new SysTree(folder, machine, kernel);
      Starter starter = Starter.start(command);
      return new Supervisor(starter, laboratory, kernel, tree, new Record(record)).run();
    } catch (Starter.Failure | IOException | UncheckedIOException e) {
      throw new Failure(String.valueOf(e.getMessage()));
    } finally {
      remove(folder);
    }
  }

  /** Every device that no driver has goes to vfio-pci. */
  static void assignAll(Machine machine, Kernel kernel) {
    ModelProcess setUp = kernel.createProcess("iommu-lab");
    for (PciDevice device : machine.devices()) {
      // As after a boot: virtual functions come when somebody asks for them.
      setUp.writeFile("/sys/bus/pci/devices/" + SysTree.address(device) + "/sriov_numvfs", "0");
    }
    for (PciDevice device : machine.devices()) {
      String address = SysTree.address(device);
      String at = "/sys/bus/pci/devices/" + address;
      boolean virtual = device.physicalFunction().isPresent();
      if (!virtual
          && device.kind().isPci()
          && !setUp.writeFile(at + "/driver_override", "vfio-pci").failed()) {
        setUp.writeFile(at + "/driver/unbind", address);
        setUp.writeFile("/sys/bus/pci/drivers_probe", address);
      }
    }
    setUp.exit();
  }

  private static void remove(@Nullable Path folder) {
    try {
      if (folder != null) {
        SysTree.deleteAll(folder);
      }
    } catch (IOException e) {
      // The system's own cleaning of temporary files has it.
    }
  }
}

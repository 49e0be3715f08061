package org.iommulab.lab.run.boot;

import java.util.LinkedHashMap;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Complaint;
import org.iommulab.lab.language.Result;
import org.iommulab.lab.run.state.Prepared;
import org.iommulab.lab.run.state.RunState;
import org.iommulab.linux.BootOptions;
import org.iommulab.linux.BootResult;
import org.iommulab.linux.Kernel;
import org.iommulab.linux.Platform;
import org.iommulab.linux.boot.BootStage;
import org.iommulab.linux.boot.choice.BootChoice;
import org.jspecify.annotations.Nullable;

/** Boots kernels, at once or in steps. */
public final class BootRoom {

  private final RunState state;

  /** The room over a machine. */
  public BootRoom(RunState state) {
    this.state = state;
  }

  /** Resolves what a boot line says. */
  public Prepared prepare(Command.LinuxBoot c) throws Complaint {
    if (state.booted().isPresent()) {
      throw new Complaint(
          "the kernel runs already; a new \"machine\" line starts afresh",
          "内核已在运行；新的 \"machine\" 行会重新开始");
    }
    var keys = new BootKeys(state, c);
    BootOptions options = keys.options();
    Platform platform = keys.platform();
    String note = BootKeys.stoodFor(c.era());
    return () -> {
      BootResult booted = Kernel.boot(platform, options);
      state.start(booted.kernel());
      return come(booted, note);
    };
  }

  /** {@code do_initcalls()}: goes on with a boot that stopped early. */
  public Prepared continueTo(BootStage last) throws Complaint {
    Kernel kernel = state.kernel();
    return () -> come(kernel.continueBoot(last), null);
  }

  /** What the boot has come to; a kernel that is up runs a process. */
  private Result come(BootResult booted, @Nullable String note) {
    Kernel kernel = booted.kernel();
    boolean panicked = kernel.bootChoice().driver() == BootChoice.Driver.PANIC;
    boolean up = kernel.bootStage() == BootStage.PCI_IOMMU_INIT && !panicked;
    if (up && state.running().isEmpty()) {
      state.start(kernel.createProcess("qemu"));
    }
    return result(booted, note);
  }

  /**
   * The result of a boot.
   *
   * @param note what else to know about the kernel, or null
   */
  public static Result result(BootResult booted, @Nullable String note) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("ret", 0L);
    fields.put("translating", booted.translating());
    String problem = booted.problem();
    if (problem != null) {
      fields.put("problem", problem);
    }
    if (note != null) {
      fields.put("note", note);
    }
    return new Result.Done(fields);
  }
}

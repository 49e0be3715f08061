package org.iommulab.lab.run.call;

import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Complaint;
import org.iommulab.lab.language.Field;
import org.iommulab.lab.run.boot.BootKeys;
import org.iommulab.lab.run.boot.BootRoom;
import org.iommulab.lab.run.state.Arguments;
import org.iommulab.lab.run.state.Prepared;
import org.iommulab.lab.run.state.RunState;
import org.iommulab.linux.boot.BootStage;

/** The call that goes on with a boot: the only one that may come before a process runs. */
final class BootFunctions {

  static final String CONTINUE = "do_initcalls";

  /** As the table has it. */
  static final Function DECLARED =
      Function.of(
              CONTINUE,
              "Goes on with a boot that stopped early.",
              (scope, arguments) -> {
                throw new Complaint("%s is called on the host only", "%s 只能在宿主机上调用", CONTINUE);
              },
              Parameter.of(Field.words("until", BootStage.functions())))
          .answers("as `linux.boot`");

  private final BootRoom booting;

  BootFunctions(BootRoom booting) {
    this.booting = booting;
  }

  Prepared prepare(Command.Call c, RunState state) throws Complaint {
    state.kernel();
    Arguments arguments = DECLARED.arguments(c.args(), state.names());
    return booting.continueTo(
        arguments.has("until")
            ? BootKeys.stage(arguments.text("until"))
            : BootStage.PCI_IOMMU_INIT);
  }
}

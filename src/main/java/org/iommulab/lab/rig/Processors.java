package org.iommulab.lab.rig;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.iommulab.lab.machine.InterruptMessage;
import org.iommulab.linux.Kernel;
import org.iommulab.vtd.RemappingUnit;
import org.iommulab.vtd.tables.FaultNode;
import org.iommulab.vtd.tables.RegisterValues;
import org.iommulab.vtd.tables.TableBrowser;

/** Takes interrupts to the kernel, once the command that caused them is done. */
final class Processors {

  /** Handled faults that are remembered; older ones are forgotten. */
  private static final int MEMORY = 4096;

  private final Rig rig;
  private final ArrayDeque<FaultNode> handled = new ArrayDeque<>();

  Processors(Rig rig) {
    this.rig = rig;
  }

  /** Lets the kernel handle what has come, and what comes of that. */
  void takeInterrupts() {
    List<InterruptMessage> messages = rig.machine.takeUnhandled();
    Kernel kernel = rig.kernel;
    while (kernel != null && !messages.isEmpty()) {
      List<FaultNode> before = pendingFaults();
      for (InterruptMessage message : messages) {
        kernel.interrupt(message.address(), message.data());
      }
      before.removeAll(pendingFaults());
      handled.addAll(before);
      messages = rig.machine.takeUnhandled();
    }
    while (handled.size() > MEMORY) {
      handled.removeFirst();
    }
  }

  List<FaultNode> handledFaults() {
    return List.copyOf(handled);
  }

  private List<FaultNode> pendingFaults() {
    var faults = new ArrayList<FaultNode>();
    for (RemappingUnit unit : rig.machine.units()) {
      var browser = new TableBrowser(rig.machine.memory(), RegisterValues.of(unit));
      browser.faults().stream().filter(FaultNode::pending).forEach(faults::add);
    }
    return faults;
  }
}

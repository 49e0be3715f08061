package org.iommulab.lab.run;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.iommulab.lab.machine.InterruptMessage;
import org.iommulab.lab.run.state.RunState;
import org.iommulab.linux.Kernel;
import org.iommulab.vtd.RemappingUnit;
import org.iommulab.vtd.tables.FaultNode;
import org.iommulab.vtd.tables.RegisterValues;
import org.iommulab.vtd.tables.TableBrowser;

/** Takes interrupts to the kernel, once the command that caused them is done. */
final class Processors {

  /** Handled faults that are remembered of each unit; older ones are forgotten. */
  private static final int MEMORY = 1024;

  private final RunState state;
  private final List<ArrayDeque<FaultNode>> handled = new ArrayList<>();

  Processors(RunState state) {
    this.state = state;
    state.machine().units().forEach(unit -> handled.add(new ArrayDeque<>()));
  }

  /** Lets the kernel handle what has come, and what comes of that. */
  void takeInterrupts() {
    List<InterruptMessage> messages = state.machine().takeUnhandled();
    Kernel kernel = state.booted().orElse(null);
    while (kernel != null && !messages.isEmpty()) {
      List<List<FaultNode>> before = pendingFaults();
      for (InterruptMessage message : messages) {
        kernel.interrupt(message.address(), message.data());
      }
      remember(before, pendingFaults());
      messages = state.machine().takeUnhandled();
    }
    if (kernel != null) {
      kernel.interrupts().handleLines();
    }
  }

  private void remember(List<List<FaultNode>> before, List<List<FaultNode>> after) {
    for (int i = 0; i < before.size(); i++) {
      ArrayDeque<FaultNode> faults = handled.get(i);
      for (FaultNode fault : before.get(i)) {
        if (!after.get(i).contains(fault)) {
          faults.add(fault);
        }
      }
      while (faults.size() > MEMORY) {
        faults.removeFirst();
      }
    }
  }

  List<List<FaultNode>> handledFaults() {
    return handled.stream().map(List::copyOf).toList();
  }

  private List<List<FaultNode>> pendingFaults() {
    var faults = new ArrayList<List<FaultNode>>();
    for (RemappingUnit unit : state.machine().units()) {
      var browser = new TableBrowser(state.machine().memory(), RegisterValues.of(unit));
      faults.add(browser.faults().stream().filter(FaultNode::pending).toList());
    }
    return faults;
  }
}

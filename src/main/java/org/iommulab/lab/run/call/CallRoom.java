package org.iommulab.lab.run.call;

import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Complaint;
import org.iommulab.lab.run.boot.BootRoom;
import org.iommulab.lab.run.state.Arguments;
import org.iommulab.lab.run.state.Names;
import org.iommulab.lab.run.state.Prepared;
import org.iommulab.lab.run.state.RunState;

/** Functions of kernel and VMM that scripts call by name. */
public final class CallRoom {

  private final RunState state;
  private final BootFunctions boot;

  /** The room over a machine whose kernel may run. */
  public CallRoom(RunState state, BootRoom booting) {
    this.state = state;
    boot = new BootFunctions(booting);
  }

  /** Resolves a call's arguments. */
  public Prepared prepare(Command.Call c) throws Complaint {
    if (c.fn().equals(BootFunctions.CONTINUE)) {
      return boot.prepare(c, state);
    }
    state.process();
    Function function = Functions.called(c.fn());
    Arguments arguments = function.arguments(c.args(), state.names());
    Function.Work work = function.body().prepare(new Scope(state, state.kernel()), arguments);
    return () -> {
      Outcome outcome = work.run();
      String as = c.as();
      if (as != null && outcome instanceof Outcome.Returned returned) {
        name(as, returned, state.names());
      }
      return outcome.result();
    };
  }

  private static void name(String as, Outcome.Returned outcome, Names names) {
    names.put(as, outcome.ret());
    outcome
        .out()
        .forEach(
            (field, value) -> {
              if (value instanceof Long number) {
                names.put(as + "." + field, number);
              }
            });
  }
}

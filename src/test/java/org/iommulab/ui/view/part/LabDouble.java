package org.iommulab.ui.view.part;

import java.util.List;
import java.util.function.Function;
import org.iommulab.lab.LabSession;
import org.iommulab.lab.LabView;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Result;

/**
 * A real laboratory for tests of queries: runs commands and answers questions, one after another.
 */
public final class LabDouble implements AutoCloseable {

  private final LabSession session = new LabSession();

  /** A laboratory after these commands. */
  public static LabDouble after(List<Command> commands) {
    var lab = new LabDouble();
    commands.forEach(lab::run);
    return lab;
  }

  /** Executes one command. */
  public Result run(Command command) {
    return session.submit(command).join();
  }

  /** Asks about the present state. */
  public <T> T ask(Function<LabView, T> question) {
    return session.ask(question).join();
  }

  /** The session itself. */
  public LabSession session() {
    return session;
  }

  @Override
  public void close() {
    session.close();
  }
}

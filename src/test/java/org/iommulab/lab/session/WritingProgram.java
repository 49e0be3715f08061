package org.iommulab.lab.session;

import java.io.IOException;
import java.nio.file.Path;
import org.iommulab.lab.LabSession;
import org.iommulab.lab.language.Command;

/**
 * A program that gives commands until it is killed, and says of each on standard output when it is
 * done; {@code offer} when it begins to deal with what an earlier one left, {@code trouble} when
 * nothing can be kept any more. What was left it restores, or leaves the question open.
 */
final class WritingProgram {

  private WritingProgram() {}

  /** Arguments: the folder, the number of the first command, and whether to restore. */
  public static void main(String... args) throws IOException {
    Path folder = Path.of(args[0]);
    boolean restores = Boolean.parseBoolean(args[2]);
    var session = new LabSession();
    var recorder = new SessionRecorder(folder, _ -> System.out.println("trouble"));
    session.record(recorder::follow);
    System.out.println("offer");
    for (SessionFile file : SessionFile.left(folder)) {
      KeptSession kept = file.read();
      if (restores) {
        session
            .change(
                lab -> {
                  kept.commands().forEach(lab::execute);
                  return true;
                })
            .join();
        file.delete();
      }
    }
    for (int i = Integer.parseInt(args[1]); ; i++) {
      session.submit(new Command.Note("c" + i)).join();
      if (i % 7 == 0) {
        session.change(lab -> lab.undo() && lab.redo()).join();
      }
      System.out.println(i);
    }
  }
}

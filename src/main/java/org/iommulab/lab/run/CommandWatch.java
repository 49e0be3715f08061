package org.iommulab.lab.run;

import java.util.List;
import java.util.Map;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Result;

/** Somebody who looks on while commands are carried out; changes nothing. */
public interface CommandWatch {

  /** A command that acts is about to be carried out. */
  void before(Command command);

  /** It was carried out, and not refused. */
  void after(Command command, Result result);

  /** What it has to say, each case with its fields; {@code atEnd}: if nothing came any more. */
  List<Map<String, Object>> told(boolean atEnd);
}

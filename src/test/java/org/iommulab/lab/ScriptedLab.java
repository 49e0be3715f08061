package org.iommulab.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Reading;
import org.iommulab.lab.language.Result;
import org.iommulab.lab.run.Rig;
import org.iommulab.linux.Kernel;
import org.iommulab.linux.process.Process;

/** A laboratory that tests drive with script lines; {@code '} stands for {@code "} in them. */
public final class ScriptedLab {

  private final Laboratory lab = new Laboratory();

  /** The laboratory. */
  public Laboratory lab() {
    return lab;
  }

  /**
   * Carries out lines none of which may be refused, and after none of which a call of the kernel is
   * open; answers the fields of the last result.
   */
  public Map<String, Object> run(String... lines) {
    Result result = Result.NOTHING;
    for (String line : lines) {
      result = lab.execute(command(line));
      assertThat(result).as(line).isNotInstanceOf(Result.Refused.class);
      assertThat(lab.unclosedCalls()).as(line).isZero();
    }
    return result.fields();
  }

  /** The sentence with which a line is refused. */
  public String refusal(String line) {
    Result result = lab.execute(command(line));
    assertThat(result).as(line).isInstanceOf(Result.Refused.class);
    return ((Result.Refused) result).sentence().english();
  }

  /** The command of a line. */
  public static Command command(String line) {
    String json = line.replace('\'', '"');
    Reading<Command> reading = Command.parse(json);
    assertThat(reading).as(json).isInstanceOf(Reading.Good.class);
    return ((Reading.Good<Command>) reading).value();
  }

  /** Checks a path of the state; the value is JSON. */
  public void expect(String path, String value) {
    String escaped = path.replace("\"", "\\\"");
    String line = "{'op':'expect','path':'" + escaped + "','value':" + value + "}";
    Result result = lab.execute(command(line));
    assertThat(result.succeeded()).as("%s: %s", path, result.fields()).isTrue();
  }

  /** The kernel, which must be booted. */
  public Kernel kernel() {
    return rig(lab).kernel().orElseThrow();
  }

  /** The process that scripts act as; the kernel must be booted. */
  public Process process() {
    return process(lab);
  }

  /** The same of another laboratory. */
  public static Process process(Laboratory lab) {
    return rig(lab).process().orElseThrow();
  }

  private static Rig rig(Laboratory lab) {
    return lab.running().orElseThrow();
  }
}

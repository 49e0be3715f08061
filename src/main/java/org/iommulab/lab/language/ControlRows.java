package org.iommulab.lab.language;

import static org.iommulab.lab.language.Parts.expression;
import static org.iommulab.lab.language.Parts.name;
import static org.iommulab.lab.language.Parts.text;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Time, and what is said about a session rather than done in it. */
final class ControlRows {

  private ControlRows() {}

  static List<Operation<?>> all() {
    return List.of(
        clock(),
        Operation.of(
                "checkpoint", Command.Checkpoint.class, "Names the present state.", text("name"))
            .is(Trait.OBSERVES)
            .example("{'op':'checkpoint','name':'here'}"),
        Operation.of("rewind", Command.Rewind.class, "Goes back to a named state.", text("to"))
            .example("{'op':'rewind','to':'here'}"),
        Operation.of(
                "expect",
                Command.Expect.class,
                "Compares a part of the state with the value it must have; null: it must not"
                    + " exist.",
                text("path"),
                value())
            .is(Trait.OBSERVES)
            .answers("`ok`, or what was expected and what is there")
            .example("{'op':'expect','path':'reg(GSTS).TES','value':1}"),
        Operation.of(
                "answer",
                Command.Answer.class,
                "A learner answers a question of a lesson; changes nothing.",
                text("question"),
                expression("value"))
            .is(Trait.OBSERVES)
            .example("{'op':'answer','question':'q1','value':1}"),
        Operation.of(
                "hint",
                Command.Hint.class,
                "A learner takes the next hint of a question; changes nothing.",
                text("question"))
            .is(Trait.OBSERVES)
            .example("{'op':'hint','question':'q1'}"),
        Operation.of("note", Command.Note.class, "Says something to the reader.", text("text"))
            .is(Trait.OBSERVES)
            .example("{'op':'note','text':''}"),
        Operation.of("let", Command.Let.class, "Names a value.", name("as"), expression("value"))
            .is(Trait.OBSERVES)
            .example("{'op':'let','as':'n','value':1}"),
        repeat(),
        Operation.of("end", Loop.End.class, "Ends a \"repeat\".")
            .is(Trait.IN_FILES_ONLY)
            .example("{'op':'end'}"));
  }

  private static Part<@Nullable Object> value() {
    return Part.of(Field.of("value", Kind.ANY), f -> f.any("value"), (v, to) -> to.put("value", v));
  }

  private static Operation<Command.ClockAdvance> clock() {
    Part<Long> time =
        new Part<>(
            List.of(
                Field.of("ns", Kind.NUMBER).in("nanoseconds").between(0, Long.MAX_VALUE).optional(),
                Field.of("ms", Kind.NUMBER)
                    .in("milliseconds")
                    .between(0, Integer.MAX_VALUE)
                    .optional()),
            ControlRows::time,
            (v, to) -> to.put("ns", v));
    return Operation.of(
            "clock.advance",
            Command.ClockAdvance.class,
            "Lets virtual time pass; timers fire.",
            time)
        .oneOf(List.of("ns"), List.of("ms"))
        .example("{'op':'clock.advance','ms':10}");
  }

  private static long time(Fields f) throws Complaint {
    if (f.has("ms") == f.has("ns")) {
      throw new Complaint(
          "the time goes into either \"ms\" or \"ns\"", "时间要么写在 \"ms\" 里，要么写在 \"ns\" 里，二者取一");
    }
    long ns = f.has("ms") ? f.between("ms", 0, Integer.MAX_VALUE) * 1_000_000L : f.number("ns");
    if (ns < 0) {
      throw new Complaint(
          "clock.advance: \"ns\" must be less than 2^63", "clock.advance：\"ns\" 必须小于 2^63");
    }
    return ns;
  }

  private static Operation<Loop.Repeat> repeat() {
    Part<Long> step =
        Part.of(
            Field.of("step", Kind.NUMBER).between(1, Long.MAX_VALUE).optional(),
            ControlRows::step,
            (v, to) -> to.put("step", v));
    return Operation.of(
            "repeat",
            Loop.Repeat.class,
            "Repeats the lines up to \"end\", with a name for the number.",
            name("as"),
            Parts.count("from"),
            Parts.count("to"),
            step)
        .is(Trait.IN_FILES_ONLY)
        .example("{'op':'repeat','as':'n','from':0,'to':9}");
  }

  private static long step(Fields f) throws Complaint {
    long step = f.has("step") ? f.number("step") : 1;
    if (step <= 0) {
      throw new Complaint("repeat: \"step\" must be 1 or more", "repeat：\"step\" 必须不小于 1");
    }
    return step;
  }
}

package org.iommulab.lab.run.call;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Complaint;
import org.iommulab.lab.language.Field;
import org.iommulab.lab.run.state.Arguments;
import org.iommulab.lab.run.state.Names;

/**
 * A function of kernel or VMM that scripts call by its name, declared once: parameters, what it
 * gives back, and the typed method it stands for.
 */
public final class Function {

  /** Resolves the arguments; may complain. */
  interface Body {
    Work prepare(Scope scope, Arguments arguments) throws Complaint;
  }

  /** Calls the method; cannot be refused any more. */
  interface Work {
    Outcome run();
  }

  private final String name;
  private final String does;
  private final List<Parameter> parameters;
  private final Body body;
  private String answers = "";

  private Function(String name, String does, List<Parameter> parameters, Body body) {
    this.name = name;
    this.does = does;
    this.parameters = parameters;
    this.body = body;
  }

  /**
   * A function.
   *
   * @param does one English sentence
   */
  static Function of(String name, String does, Body body, Parameter... parameters) {
    return new Function(name, does, List.of(parameters), body);
  }

  /** The same under another name. */
  Function as(String other) {
    return new Function(other, does, parameters, body).answers(answers);
  }

  /** The same with further parameters and something done around its body. */
  Function around(Body outer, Parameter... further) {
    var all = new ArrayList<>(parameters);
    all.addAll(Arrays.asList(further));
    return new Function(name, does, all, outer).answers(answers);
  }

  /** What it gives back beside its return value, in the words of the documentation. */
  Function answers(String out) {
    answers = out;
    return this;
  }

  Body body() {
    return body;
  }

  /** Its name in the kernel. */
  public String name() {
    return name;
  }

  /** What it does, one English sentence. */
  public String does() {
    return does;
  }

  /** What it gives back, in the words of the documentation; empty for the return value alone. */
  public String answers() {
    return answers;
  }

  /** Its parameters. */
  public List<Field> fields() {
    return parameters.stream().map(Parameter::field).toList();
  }

  /** A line that calls it, to be completed and edited: what must be there, with something in it. */
  public String example() {
    var arguments = new LinkedHashMap<String, Object>();
    for (Field field : fields()) {
      if (field.required()) {
        arguments.put(field.name(), placeholder(field));
      }
    }
    return new Command.Call(name, arguments, null).toJson();
  }

  private static Object placeholder(Field field) {
    return switch (field.kind()) {
      case DEVICE -> "nic";
      case CHOICE -> field.choices().getFirst();
      case FLAG -> true;
      case OBJECT -> Map.of();
      case OBJECTS, TEXTS, NUMBERS, EXPRESSIONS -> List.of();
      case NUMBER, EXPRESSION -> "0x0";
      case TEXT, NAME, BYTES, ANY -> "";
    };
  }

  /** The arguments of a call, each under the name it is declared with. */
  Arguments arguments(Map<?, ?> given, Names names) throws Complaint {
    var renamed = new LinkedHashMap<Object, Object>(given);
    for (Parameter parameter : parameters) {
      String own = parameter.field().name();
      for (String other : parameter.also()) {
        Object value = renamed.get(other);
        if (value != null && !renamed.containsKey(own)) {
          renamed.put(own, value);
          renamed.remove(other);
        }
      }
    }
    return Arguments.of(name, renamed, names, fields());
  }
}

package org.iommulab.ui.practice;

import com.google.inject.AbstractModule;
import com.google.inject.multibindings.Multibinder;
import org.iommulab.ui.Face;
import org.iommulab.ui.action.ActionSource;
import org.iommulab.ui.learn.Shelf;

/** Exercises and broken drivers, on two shelves of the start page. */
public final class PracticeModule extends AbstractModule {

  @Override
  protected void configure() {
    bind(PracticeScore.class);
    bind(Workplace.class);
    bind(ExerciseModel.class);
    bind(ExerciseView.class);
    bind(ExerciseShelf.class);
    bind(MendModel.class);
    bind(MendView.class);
    bind(MendShelf.class);
    bind(PracticeActions.class);
    Multibinder<Shelf> shelves = Multibinder.newSetBinder(binder(), Shelf.class);
    shelves.addBinding().to(ExerciseShelf.class);
    shelves.addBinding().to(MendShelf.class);
    Multibinder<Face> faces = Multibinder.newSetBinder(binder(), Face.class);
    faces.addBinding().to(ExerciseView.class);
    faces.addBinding().to(MendView.class);
    Multibinder.newSetBinder(binder(), ActionSource.class).addBinding().to(PracticeActions.class);
  }
}

/**
 * The start page: lessons with progress, what others put on its shelves, own lessons. May import
 * {@code ui}, {@code ui.action}, {@code ui.prose}, {@code ui.settings}, {@code ui.stage}, {@code
 * ui.view.part}, {@code course}, {@code lab.language}, {@code lab.script} and {@code words}.
 */
package org.iommulab.ui.learn;

/**
 * The start page: lessons with progress, what others put on its shelves, own lessons. May import
 * {@code ui}, {@code ui.stage}, {@code ui.file}, {@code ui.settings} and the course below.
 */
package org.iommulab.ui.learn;

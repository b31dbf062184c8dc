"""The Flask-SQLAlchemy environment: the same schema, mapped through db.Model. `DB` is the address of the database."""

from flask import Flask
from flask_sqlalchemy import SQLAlchemy

# :: models
app = Flask("shop")
app.config["SQLALCHEMY_DATABASE_URI"] = DB  # noqa: F821  # given by the worker
app.config["SQLALCHEMY_TRACK_MODIFICATIONS"] = False
db = SQLAlchemy()


class Author(db.Model):
    __tablename__ = "author"
    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String(50), nullable=False)
    country = db.Column(db.String(2))
    rating = db.Column(db.Integer)
    books = db.relationship("Book", back_populates="author", order_by="Book.id")


class Book(db.Model):
    __tablename__ = "book"
    id = db.Column(db.Integer, primary_key=True)
    title = db.Column(db.String(50), nullable=False)
    year = db.Column(db.Integer)
    price = db.Column(db.Numeric(8, 2))
    author_id = db.Column(db.ForeignKey("author.id"))
    author = db.relationship("Author", back_populates="books")


db.init_app(app)
app.test_request_context("/?page=2&per_page=2").push()
